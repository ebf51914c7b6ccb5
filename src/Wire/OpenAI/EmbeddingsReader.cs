using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.OpenAI;

/// <summary>Reads what must be known of an embeddings answer: that it is one, and its usage. Never throws on bad input.</summary>
public static class EmbeddingsReader
{
    public static (bool IsAnswer, TokenUsage? Usage) Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return ReadRoot(body);
        }
        catch (JsonException)
        {
            return (false, null);
        }
    }

    private static (bool IsAnswer, TokenUsage? Usage) ReadRoot(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, JsonFault.Strict);
        var (hasData, usage) = (false, default(TokenUsage?));
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return (false, null);
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.Is("usage"u8))
            {
                reader.Read();
                usage = OpenAIUsage.Read(ref reader);
                continue;
            }

            var isData = reader.Is("data"u8);
            reader.Read();
            hasData |= isData && reader.TokenType == JsonTokenType.StartArray;
            reader.Skip();
        }

        reader.Read();
        return (hasData, usage);
    }
}
