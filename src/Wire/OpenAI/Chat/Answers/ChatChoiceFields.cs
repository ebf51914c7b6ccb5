using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.OpenAI.Chat.Answers;

/// <summary>Where the members of one choice stand, those of its <c>delta</c> or <c>message</c> included.</summary>
internal ref struct ChatChoiceFields
{
    public int Index { get; private set; }

    public ReadOnlySpan<byte> Content { get; private set; }

    public ReadOnlySpan<byte> Refusal { get; private set; }

    public ReadOnlySpan<byte> Reasoning { get; private set; }

    public ReadOnlySpan<byte> ReasoningDetails { get; private set; }

    public ReadOnlySpan<byte> ToolCalls { get; private set; }

    public ReadOnlySpan<byte> FunctionCall { get; private set; }

    public ReadOnlySpan<byte> Finish { get; private set; }

    public ReadOnlySpan<byte> StopReason { get; private set; }

    public ReadOnlySpan<byte> Usage { get; private set; }

    /// <summary>Some servers write an empty text where others write null.</summary>
    public readonly bool HasFinish => Finish.Length > 2 && RawJson.IsText(Finish);

    /// <summary>Reads the object at the reader.</summary>
    /// <param name="position">The index of a choice that names none.</param>
    public static ChatChoiceFields Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> data, int position)
    {
        var choice = new ChatChoiceFields { Index = position };
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            choice.ReadMember(ref reader, data);
        }

        return choice;
    }

    private void ReadMember(ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        if (reader.Is("delta"u8) || reader.Is("message"u8))
        {
            ReadDelta(ref reader, data);
        }
        else if (reader.Is("index"u8))
        {
            Index = RawJson.Integer(RawJson.Take(ref reader, data)) is { } index and >= 0 and < 1024 ? (int)index : Index;
        }
        else if (reader.Is("finish_reason"u8))
        {
            Finish = RawJson.Take(ref reader, data);
        }
        else if (reader.Is("stop_reason"u8))
        {
            StopReason = RawJson.Take(ref reader, data);
        }
        else if (reader.Is("usage"u8))
        {
            Usage = RawJson.Take(ref reader, data);
        }
        else
        {
            reader.Skip();
        }
    }

    private void ReadDelta(ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadDeltaMember(ref reader, data);
        }
    }

    private void ReadDeltaMember(ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        if (reader.Is("content"u8))
        {
            Content = RawJson.Take(ref reader, data);
        }
        else if (reader.Is("reasoning_content"u8) || reader.Is("reasoning"u8))
        {
            // Servers that moved from one name to the other send the same text under both.
            var text = RawJson.Take(ref reader, data);
            Reasoning = text.Length > 2 ? text : Reasoning;
        }
        else if (reader.Is("reasoning_details"u8))
        {
            ReasoningDetails = RawJson.Take(ref reader, data);
        }
        else if (reader.Is("tool_calls"u8))
        {
            ToolCalls = RawJson.Take(ref reader, data);
        }
        else if (reader.Is("function_call"u8))
        {
            FunctionCall = RawJson.Take(ref reader, data);
        }
        else if (reader.Is("refusal"u8))
        {
            Refusal = RawJson.Take(ref reader, data);
        }
        else
        {
            reader.Skip();
        }
    }
}
