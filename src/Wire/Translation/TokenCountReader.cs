using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.Translation;

/// <summary>Reads the answer of a token counter: Anthropic's <c>input_tokens</c> or Gemini's <c>totalTokens</c>.</summary>
public static class TokenCountReader
{
    /// <summary>Null when the body has no such count. Never throws.</summary>
    public static long? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body, JsonFault.Strict);
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && (reader.Is("input_tokens"u8) || reader.Is("totalTokens"u8)))
                {
                    reader.Read();
                    return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var count) && count >= 0 ? count : null;
                }
            }
        }
        catch (JsonException)
        {
            return null;
        }

        return null;
    }
}
