using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.OpenAI.Responses.Answers.Items;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.OpenAI.Responses.Answers;

/// <summary>What the response object of a stream's last event tells; its output usually has been seen before, and is only located.</summary>
internal readonly ref struct ResponseTail
{
    /// <param name="response">JSON that has been read over before; may be empty.</param>
    public ResponseTail(ReadOnlySpan<byte> response)
    {
        if (response.IsEmpty)
        {
            return;
        }

        var reader = new Utf8JsonReader(response, JsonFault.Strict);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.Is("usage"u8))
            {
                reader.Read();
                Usage = OpenAIUsage.Read(ref reader);
            }
            else if (reader.Is("status"u8))
            {
                reader.Read();
                IsIncomplete = reader.TokenType == JsonTokenType.String && reader.Is("incomplete"u8);
                reader.Skip();
            }
            else if (reader.Is("incomplete_details"u8))
            {
                IncompleteReason = ReadReason(ref reader);
            }
            else if (reader.Is("output"u8))
            {
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                var isArray = reader.TokenType == JsonTokenType.StartArray;
                reader.Skip();
                Output = isArray ? new ByteSpan(start, (int)reader.BytesConsumed - start) : default;
            }
            else
            {
                reader.Skip();
            }
        }
    }

    public TokenUsage? Usage { get; }

    public bool IsIncomplete { get; }

    public string? IncompleteReason { get; }

    public ByteSpan Output { get; }

    public static AnswerStart ReadStart(ReadOnlySpan<byte> response)
    {
        var (id, model, created) = ("", "", 0L);
        if (response.IsEmpty)
        {
            return new AnswerStart(id, model, created);
        }

        var reader = new Utf8JsonReader(response, JsonFault.Strict);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.Is("id"u8))
            {
                id = ReadText(ref reader) ?? id;
            }
            else if (reader.Is("model"u8))
            {
                model = ReadText(ref reader) ?? model;
            }
            else if (reader.Is("created_at"u8))
            {
                reader.Read();
                created = reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var seconds) && seconds is > 0 and < 1e15 ? (long)seconds : created;
                reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }

        return new AnswerStart(OutputItemReader.Clean(id), OutputItemReader.Clean(model), created);
    }

    private static string? ReadReason(ref Utf8JsonReader reader)
    {
        reader.Read();
        string? reason = null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.Is("reason"u8))
            {
                reason = ReadText(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return reason;
    }

    private static string? ReadText(ref Utf8JsonReader reader)
    {
        reader.Read();
        var text = reader.TokenType == JsonTokenType.String ? reader.GetText() : null;
        reader.Skip();
        return text;
    }
}
