using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.Anthropic.Answers;

/// <summary>What a stream's first event tells of the message.</summary>
internal ref struct MessageHead
{
    public string? Id;
    public string? Model;
    public ReadOnlySpan<byte> Usage;

    public static MessageHead Read(ReadOnlySpan<byte> message)
    {
        var head = default(MessageHead);
        var reader = new Utf8JsonReader(message, JsonFault.Strict);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return head;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isId = reader.Is("id"u8);
            var isModel = !isId && reader.Is("model"u8);
            var isUsage = !isId && !isModel && reader.Is("usage"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            if ((isId || isModel) && reader.TokenType == JsonTokenType.String)
            {
                var text = reader.GetText();
                head.Id = isId ? text : head.Id;
                head.Model = isModel ? text : head.Model;
            }
            else
            {
                reader.Skip();
                head.Usage = isUsage ? message[start..(int)reader.BytesConsumed] : head.Usage;
            }
        }

        return head;
    }

    /// <summary>The stop reason and sequence of a message_delta.</summary>
    public static (string? Reason, string? Sequence) ReadStop(ReadOnlySpan<byte> delta)
    {
        string? reason = null;
        string? sequence = null;
        var reader = new Utf8JsonReader(delta, JsonFault.Strict);
        reader.Read();
        while (reader.TokenType != JsonTokenType.Null && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isReason = reader.Is("stop_reason"u8);
            var isSequence = !isReason && reader.Is("stop_sequence"u8);
            reader.Read();
            if ((isReason || isSequence) && reader.TokenType == JsonTokenType.String)
            {
                var text = reader.GetText();
                reason = isReason ? text : reason;
                sequence = isSequence ? text : sequence;
            }
            else
            {
                reader.Skip();
            }
        }

        return (reason, sequence);
    }
}
