using System.Buffers;
using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.OpenAI;

/// <summary>Reads a <c>delta</c> or <c>message</c> of an answer: whether it carries anything a user waits for, and its text.</summary>
internal static class ChatMessageText
{
    /// <summary>Reads the value at the reader; true when it carries content, a refusal, reasoning, audio, images or calls.</summary>
    public static bool Read(ref Utf8JsonReader reader, IBufferWriter<byte>? text)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return false;
        }

        var hasContent = false;
        var hasReasoning = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.Is("content"u8))
            {
                reader.Read();
                hasContent |= reader.TokenType == JsonTokenType.String
                    ? ReadString(ref reader, text)
                    : ReadNested(ref reader, text, "text"u8, "refusal"u8, default);
            }
            else if (reader.Is("reasoning_content"u8) || reader.Is("reasoning"u8))
            {
                // Servers that moved from one name to the other send the same text under both.
                reader.Read();
                hasReasoning |= ReadString(ref reader, hasReasoning ? null : text);
            }
            else
            {
                hasContent |= ReadOther(ref reader, text);
            }
        }

        return hasContent || hasReasoning;
    }

    /// <summary>Appends the string at the reader; false when it is empty or no string.</summary>
    public static bool ReadString(ref Utf8JsonReader reader, IBufferWriter<byte>? text)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return false;
        }

        if (reader.ValueSpan.IsEmpty)
        {
            return false;
        }

        if (text is not null)
        {
            reader.AppendTo(text);
        }

        return true;
    }

    private static bool ReadOther(ref Utf8JsonReader reader, IBufferWriter<byte>? text)
    {
        if (reader.Is("tool_calls"u8) || reader.Is("function_call"u8))
        {
            reader.Read();
            return ReadCalls(ref reader, text);
        }

        if (reader.Is("refusal"u8))
        {
            reader.Read();
            return ReadString(ref reader, text);
        }

        if (reader.Is("reasoning_details"u8))
        {
            // Only a detailed form of "reasoning", which stands beside it: read, not appended.
            reader.Read();
            return ReadNested(ref reader, null, "text"u8, "summary"u8, "data"u8);
        }

        if (reader.Is("audio"u8))
        {
            reader.Read();
            return ReadAudio(ref reader, text);
        }

        var isImages = reader.Is("images"u8);
        reader.Read();
        var found = isImages && IsFilledArray(ref reader);
        reader.Skip();
        return found;
    }

    private static bool ReadCalls(ref Utf8JsonReader reader, IBufferWriter<byte>? text)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            ReadNested(ref reader, text, "name"u8, "arguments"u8, "input"u8);
            return true;
        }

        var found = IsFilledArray(ref reader);
        ReadNested(ref reader, text, "name"u8, "arguments"u8, "input"u8);
        return found;
    }

    private static bool ReadAudio(ref Utf8JsonReader reader, IBufferWriter<byte>? text)
    {
        var found = false;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isTranscript = reader.Is("transcript"u8);
            var isData = reader.Is("data"u8);
            reader.Read();
            if (isTranscript || isData)
            {
                found |= ReadString(ref reader, isTranscript ? text : null);
            }
            else
            {
                reader.Skip();
            }
        }

        return found;
    }

    // A copy of the reader looks one token ahead.
    private static bool IsFilledArray(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        var ahead = reader;
        ahead.Read();
        return ahead.TokenType != JsonTokenType.EndArray;
    }

    /// <summary>Takes the non-empty strings under the given names at any depth of the value; true when there was one.</summary>
    private static bool ReadNested(
        ref Utf8JsonReader reader, IBufferWriter<byte>? text, ReadOnlySpan<byte> name1, ReadOnlySpan<byte> name2, ReadOnlySpan<byte> name3)
    {
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return false;
        }

        var found = false;
        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType == JsonTokenType.PropertyName && (reader.Is(name1) || reader.Is(name2) || (!name3.IsEmpty && reader.Is(name3))))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                {
                    found |= ReadString(ref reader, text);
                }
            }
        }

        return found;
    }
}
