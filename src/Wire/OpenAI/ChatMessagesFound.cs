using System.Runtime.InteropServices;
using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.OpenAI;

/// <summary>What the messages of a request hold. Their form is the upstream's business; only an array is insisted on.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct ChatMessagesFound
{
    public bool HasImages { get; private set; }

    public bool HasAudio { get; private set; }

    public long TextBytes { get; private set; }

    /// <summary>Reads the value of <c>messages</c> at the reader.</summary>
    public static ChatMessagesFound Read(ref JsonBodyReader reader)
    {
        JsonMembers.Require(ref reader, JsonTokenType.StartArray, "messages", "an array");
        var found = new ChatMessagesFound();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                found.ReadMessage(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return found;
    }

    private void ReadMessage(ref JsonBodyReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isContent = reader.Is("content"u8);
            var isCall = !isContent && (reader.Is("tool_calls"u8) || reader.Is("function_call"u8));
            var isText = isContent || reader.Is("refusal"u8) || reader.Is("reasoning_content"u8) || reader.Is("reasoning"u8) || reader.Is("name"u8);
            if (isText && reader.TryStepOverText(out var length))
            {
                TextBytes += length;
                continue;
            }

            reader.Read();
            if (isText && reader.TokenType == JsonTokenType.String)
            {
                AddText(ref reader);
            }
            else if (isContent && reader.TokenType == JsonTokenType.StartArray)
            {
                ReadParts(ref reader);
            }
            else if (isCall)
            {
                AddAllTexts(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void ReadParts(ref JsonBodyReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                ReadPart(ref reader);
            }
            else if (reader.TokenType == JsonTokenType.String)
            {
                AddText(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void ReadPart(ref JsonBodyReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.Is("type"u8);
            var isText = reader.Is("text"u8) || reader.Is("refusal"u8);
            HasImages |= reader.Is("image_url"u8);
            HasAudio |= reader.Is("input_audio"u8);
            if (isText && reader.TryStepOverText(out var length))
            {
                TextBytes += length;
                continue;
            }

            reader.Read();
            if (reader.TokenType == JsonTokenType.String && isType)
            {
                HasImages |= reader.Is("image_url"u8);
                HasAudio |= reader.Is("input_audio"u8);
            }
            else if (reader.TokenType == JsonTokenType.String && isText)
            {
                AddText(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void AddAllTexts(ref JsonBodyReader reader)
    {
        var depth = reader.CurrentDepth;
        if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
        {
            return;
        }

        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                AddText(ref reader);
            }
            else if (reader.TokenType == JsonTokenType.PropertyName && reader.TryStepOverText(out var length))
            {
                TextBytes += length;
            }
        }
    }

    private void AddText(ref JsonBodyReader reader) => TextBytes += reader.TextLength;
}
