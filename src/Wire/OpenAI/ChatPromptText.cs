using System.Buffers;
using System.Text;
using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.OpenAI;

/// <summary>Gathers the text of a Chat, completions or embeddings request for a tokenizer, for upstreams that report no usage.</summary>
public static class ChatPromptText
{
    /// <summary>
    /// Roles, contents, text parts and calls of all messages, the texts of <c>prompt</c> and <c>input</c>, then <c>tools</c> and <c>functions</c>
    /// as they stand, one per line.
    /// Image and audio data are left out. Of a body that is not valid JSON: what stands before the fault.
    /// </summary>
    public static string Read(ReadOnlySpan<byte> body)
    {
        var output = new ArrayBufferWriter<byte>(Math.Max(256, body.Length / 2));
        var reader = new Utf8JsonReader(body, JsonFault.Strict);
        try
        {
            ReadRoot(ref reader, body, output);
        }
        catch (JsonException)
        {
            // The upstream answered this body, so a count of the readable part beats none.
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static void ReadRoot(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, IBufferWriter<byte> output)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMessages = reader.Is("messages"u8);
            var isPrompt = reader.Is("prompt"u8) || reader.Is("input"u8);
            var isTools = reader.Is("tools"u8) || reader.Is("functions"u8);
            reader.Read();
            if (isMessages && reader.TokenType == JsonTokenType.StartArray)
            {
                ReadMessages(ref reader, output);
            }
            else if (isPrompt && reader.TokenType is JsonTokenType.String or JsonTokenType.StartArray)
            {
                ReadPrompt(ref reader, output);
            }
            else if (isTools && reader.TokenType == JsonTokenType.StartArray)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                AppendLine(output, body[start..(int)reader.BytesConsumed]);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static void ReadPrompt(ref Utf8JsonReader reader, IBufferWriter<byte> output)
    {
        var depth = reader.CurrentDepth;
        do
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                reader.AppendTo(output);
                output.Write("\n"u8);
            }
        }
        while ((reader.CurrentDepth > depth || reader.TokenType == JsonTokenType.StartArray) && reader.Read());
    }

    private static void ReadMessages(ref Utf8JsonReader reader, IBufferWriter<byte> output)
    {
        var depth = reader.CurrentDepth;
        var isText = false;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName when IsData(ref reader):
                    reader.Read();
                    reader.Skip();
                    break;
                case JsonTokenType.PropertyName:
                    isText = IsText(ref reader);
                    break;
                case JsonTokenType.String when isText:
                    reader.AppendTo(output);
                    output.Write("\n"u8);
                    break;
                case JsonTokenType.EndObject:
                    isText = false;
                    break;
            }
        }
    }

    private static bool IsText(ref Utf8JsonReader reader) =>
        reader.Is("content"u8) || reader.Is("text"u8) || reader.Is("role"u8) || reader.Is("name"u8) || reader.Is("arguments"u8)
        || reader.Is("input"u8) || reader.Is("refusal"u8) || reader.Is("reasoning"u8) || reader.Is("reasoning_content"u8);

    private static bool IsData(ref Utf8JsonReader reader) =>
        reader.Is("image_url"u8) || reader.Is("input_audio"u8) || reader.Is("file"u8) || reader.Is("audio"u8);

    private static void AppendLine(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        output.Write(text);
        output.Write("\n"u8);
    }
}
