using System.Text.Json;

namespace AIHigress.Wire.OpenAI.Chat.Answers;

/// <summary>Usage in Chat's counting: the prompt with what the cache held, the completion with the reasoning.</summary>
internal static class ChatUsage
{
    public static void Write(Utf8JsonWriter json, in TokenUsage usage)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, usage.Input + usage.CachedInput + usage.CacheWrite);
        json.WriteNumber("completion_tokens"u8, usage.Output + usage.Reasoning);
        json.WriteNumber("total_tokens"u8, usage.Total);
        json.WriteStartObject("prompt_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, usage.CachedInput);
        json.WriteNumber("cache_write_tokens"u8, usage.CacheWrite);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, usage.Reasoning);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
