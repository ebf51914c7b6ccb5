using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.OpenAI.Chat.Requests;

/// <summary>Reads a request body.</summary>
internal static class ChatRequestReader
{
    public static ModelRequest Read(ReadOnlyMemory<byte> body)
    {
        using var document = JsonTree.Parse(body);
        var root = new JsonFields(document.RootElement, "");
        var conversation = new ChatMessageReader().Read(root);
        return new ModelRequest
        {
            Model = root.RequireText("model"),
            Stream = root.Flag("stream") ?? false,
            System = conversation.System,
            Messages = conversation.Messages,
            Tools = ChatToolReader.Tools(root),
            ToolChoice = ChatToolReader.Choice(root),
            ParallelToolCalls = root.Flag("parallel_tool_calls"),
            MaxTokens = root.Integer("max_completion_tokens") ?? root.Integer("max_tokens"),
            Temperature = root.Number("temperature"),
            TopP = root.Number("top_p"),
            TopK = root.Integer("top_k"),
            PresencePenalty = root.Number("presence_penalty"),
            FrequencyPenalty = root.Number("frequency_penalty"),
            Seed = root.Integer("seed"),
            Stop = Stop(root),
            Format = Format(root),
            Reasoning = Reasoning(root),
            Choices = Choices(root),
            User = root.Text("user") ?? root.Text("safety_identifier"),
            Metadata = Metadata(root),
            Verbosity = root.Text("verbosity"),
            ServiceTier = root.Text("service_tier"),
            PromptCacheKey = root.Text("prompt_cache_key"),
        };
    }

    // OpenRouter's object says more than OpenAI's word.
    private static ReasoningOptions? Reasoning(JsonFields root)
    {
        var effort = root.Text("reasoning_effort");
        if (root.Object("reasoning") is not { } wish)
        {
            return effort is null ? null : new ReasoningOptions { Effort = effort };
        }

        effort = wish.Text("effort") ?? effort;
        var budget = wish.Integer("max_tokens");
        var isSwitched = effort is null && budget is null ? wish.Flag("enabled") : null;
        return new ReasoningOptions
        {
            Effort = isSwitched switch { true => "medium", false => "none", null => effort },
            BudgetTokens = budget,
            ShowThoughts = wish.Flag("exclude") == true ? false : null,
        };
    }

    private static int? Choices(JsonFields root) => root.Integer("n") switch
    {
        null => null,
        < 1 or > 128 => throw root.Bad("n", "must be between 1 and 128"),
        var n => (int)n,
    };

    private static List<string> Stop(JsonFields root)
    {
        if (root.Get("stop") is { ValueKind: JsonValueKind.String } text)
        {
            return [JsonTree.Text(text)];
        }

        var stop = new List<string>();
        foreach (var (value, path) in root.Elements("stop"))
        {
            stop.Add(value.ValueKind == JsonValueKind.String ? JsonTree.Text(value) : throw NotText(value, path));
        }

        return stop;
    }

    private static ResponseFormat? Format(JsonFields root)
    {
        if (root.Object("response_format") is not { } format)
        {
            return null;
        }

        switch (format.RequireText("type"))
        {
            case "text":
                return new ResponseFormat(ResponseFormatKind.Text);
            case "json_object":
                return new ResponseFormat(ResponseFormatKind.JsonObject);
            case "json_schema":
                var schema = format.Object("json_schema") ?? throw format.Missing("json_schema");
                return new ResponseFormat(ResponseFormatKind.JsonSchema)
                {
                    Name = schema.Text("name"),
                    Description = schema.Text("description"),
                    Schema = schema.Object("schema") is null ? null : schema.Raw("schema"),
                    Strict = schema.Flag("strict"),
                };
            default:
                throw format.Bad("type", "must be text, json_object or json_schema");
        }
    }

    private static List<KeyValuePair<string, string>> Metadata(JsonFields root)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        if (root.Object("metadata") is { } metadata)
        {
            foreach (var pair in metadata.Element.EnumerateObject())
            {
                var name = JsonTree.Name(pair);
                pairs.Add(KeyValuePair.Create(name, pair.Value.ValueKind == JsonValueKind.String
                    ? JsonTree.Text(pair.Value)
                    : throw NotText(pair.Value, metadata.PathOf(name))));
            }
        }

        return pairs;
    }

    private static WireFormatException NotText(JsonElement value, string path) => new(
        WireFormatException.InvalidRequest, $"'{path}' must be a string; it is {JsonFields.NameOf(value)}.", path);
}
