using System.Buffers;
using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.Anthropic;

/// <summary>The answer of <c>POST /v1/messages/count_tokens</c>: <c>{"input_tokens":n}</c>.</summary>
public static class TokenCount
{
    public static void Write(IBufferWriter<byte> output, long tokens)
    {
        using var json = JsonOut.NewWriter(output);
        json.WriteStartObject();
        json.WriteNumber("input_tokens"u8, tokens);
        json.WriteEndObject();
    }

    /// <summary>Null when it is no such answer; never throws.</summary>
    public static long? Read(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, JsonFault.Strict);
        try
        {
            long? tokens = null;
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.Is("input_tokens"u8))
                {
                    reader.Read();
                    tokens = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var count) && count >= 0 ? count : tokens;
                }
            }

            return tokens;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
