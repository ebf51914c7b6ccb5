using System.Text.Json;

namespace AIHigress.Wire.OpenAI.Responses.Answers;

/// <summary>Usage in this protocol's counting: input includes what the cache gave and took, output includes reasoning.</summary>
internal static class ResponsesUsage
{
    public static TokenUsage? Read(ReadOnlySpan<byte> usage)
    {
        var reader = new Utf8JsonReader(usage);
        try
        {
            return reader.Read() ? OpenAIUsage.Read(ref reader) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static void Write(Utf8JsonWriter json, TokenUsage? usage)
    {
        if (usage is not { } tokens)
        {
            json.WriteNull("usage"u8);
            return;
        }

        json.WriteStartObject("usage"u8);
        json.WriteNumber("input_tokens"u8, (tokens with { Output = 0, Reasoning = 0 }).Total);
        json.WriteStartObject("input_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, tokens.CachedInput);
        json.WriteNumber("cache_write_tokens"u8, tokens.CacheWrite);
        json.WriteEndObject();
        json.WriteNumber("output_tokens"u8, new TokenUsage(0, 0, 0, tokens.Output, tokens.Reasoning).Total);
        json.WriteStartObject("output_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, tokens.Reasoning);
        json.WriteEndObject();
        json.WriteNumber("total_tokens"u8, tokens.Total);
        json.WriteEndObject();
    }
}
