using System.Buffers;
using System.Text.Json;

namespace AIHigress.MockUpstream.OpenAI;

/// <summary>What the mock wants to know of a chat request, read in one pass without building objects.</summary>
internal struct ChatRequest
{
    private const int BytesPerToken = 4;

    public string? Model { get; private set; }

    public bool Stream { get; private set; }

    public bool IncludeUsage { get; private set; }

    public int? MaxTokens { get; private set; }

    public bool EndsWithToolResult { get; private set; }

    /// <summary>Some message is a tool's result.</summary>
    public bool HasToolResult { get; private set; }

    /// <summary>The messages hold more than texts of the usual roles.</summary>
    public bool NeedsCheck { get; private set; }

    public bool HasMessages { get; private set; }

    public int PromptTokens { get; private set; }

    /// <exception cref="JsonException">The body is not JSON.</exception>
    public static ChatRequest Read(in ReadOnlySequence<byte> body, ModelIds models)
    {
        var reader = new Utf8JsonReader(body);
        var request = default(ChatRequest);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("The body is not a JSON object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            request.ReadProperty(ref reader, models);
        }

        // Whatever follows the object is found out here.
        reader.Read();
        return request;
    }

    /// <summary>The names of the functions in <c>tools</c>.</summary>
    public static IReadOnlyList<string> ToolNames(in ReadOnlySequence<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var names = new List<string>();
        if (document.RootElement.TryGetProperty("tools", out var tools) && tools.ValueKind == JsonValueKind.Array)
        {
            foreach (var tool in tools.EnumerateArray())
            {
                if (tool.TryGetProperty("function", out var function) && function.TryGetProperty("name", out var name)
                    && name.GetString() is { } text)
                {
                    names.Add(text);
                }
            }
        }

        return names;
    }

    private void ReadProperty(ref Utf8JsonReader reader, ModelIds models)
    {
        if (reader.ValueTextEquals("model"u8))
        {
            reader.Read();
            Model = reader.TokenType == JsonTokenType.String ? models.Read(ref reader) : null;
        }
        else if (reader.ValueTextEquals("messages"u8))
        {
            reader.Read();
            var start = reader.TokenStartIndex;
            HasMessages = reader.TokenType == JsonTokenType.StartArray;
            ReadMessages(ref reader);
            PromptTokens = (int)Math.Max(1, (reader.BytesConsumed - start) / BytesPerToken);
        }
        else if (reader.ValueTextEquals("stream"u8))
        {
            reader.Read();
            Stream = reader.TokenType == JsonTokenType.True;
        }
        else if (reader.ValueTextEquals("stream_options"u8))
        {
            reader.Read();
            IncludeUsage = ReadIncludeUsage(ref reader);
        }
        else if (reader.ValueTextEquals("max_tokens"u8) || reader.ValueTextEquals("max_completion_tokens"u8))
        {
            reader.Read();
            MaxTokens = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var most) ? most : MaxTokens;
        }
        else
        {
            reader.Skip();
        }

        // A scanned field of another type than expected is passed over.
        reader.Skip();
    }

    private void ReadMessages(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return;
        }

        var outside = reader.CurrentDepth;
        var (messages, contents) = (0, 0);
        while (reader.Read() && reader.CurrentDepth > outside)
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == outside + 2)
            {
                contents += ReadMessageProperty(ref reader) ? 1 : 0;
                reader.Skip();
            }
            else if (reader.TokenType == JsonTokenType.StartObject)
            {
                messages++;
            }
        }

        NeedsCheck |= messages != contents;
    }

    /// <summary>True when it is the content.</summary>
    private bool ReadMessageProperty(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("role"u8))
        {
            reader.Read();
            var isText = reader.TokenType == JsonTokenType.String;
            EndsWithToolResult = isText && reader.ValueTextEquals("tool"u8);
            HasToolResult |= EndsWithToolResult;
            NeedsCheck |= !isText || !(reader.ValueTextEquals("user"u8) || reader.ValueTextEquals("assistant"u8) || reader.ValueTextEquals("system"u8));
        }
        else if (reader.ValueTextEquals("content"u8))
        {
            reader.Read();
            NeedsCheck |= reader.TokenType != JsonTokenType.String;
            return true;
        }
        else
        {
            NeedsCheck = true;
            reader.Read();
        }

        return false;
    }

    private static bool ReadIncludeUsage(ref Utf8JsonReader reader)
    {
        var include = false;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return include;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = reader.ValueTextEquals("include_usage"u8);
            reader.Read();
            include = isIt ? reader.TokenType == JsonTokenType.True : include;
            reader.Skip();
        }

        return include;
    }
}
