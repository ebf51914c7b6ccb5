using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.Gemini.Answers;

/// <summary>
/// usageMetadata and back. The prompt count includes cached tokens; what tools fed in and what was thought stand beside prompt and candidates.
/// https://ai.google.dev/api/generate-content#UsageMetadata
/// </summary>
internal struct GeminiUsage
{
    // Far above any real count, low enough that sums of a few stay in range.
    private const long MaxCount = long.MaxValue / 8;

    private long? _prompt;
    private long? _candidates;
    private long? _thoughts;
    private long? _total;
    private long _cached;
    private long _tools;

    /// <summary>Reads the value at the reader; null when it counts nothing.</summary>
    public static TokenUsage? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        var usage = default(GeminiUsage);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            usage.ReadMember(ref reader);
        }

        return usage.Normalize();
    }

    public static void Write(Utf8JsonWriter json, in TokenUsage usage)
    {
        json.WriteStartObject("usageMetadata"u8);
        json.WriteNumber("promptTokenCount"u8, usage.Input + usage.CachedInput + usage.CacheWrite);
        json.WriteNumber("candidatesTokenCount"u8, usage.Output);
        json.WriteNumber("totalTokenCount"u8, usage.Total);
        json.WriteNumber("cachedContentTokenCount"u8, usage.CachedInput);
        json.WriteNumber("thoughtsTokenCount"u8, usage.Reasoning);
        json.WriteEndObject();
    }

    private readonly TokenUsage? Normalize()
    {
        if (_prompt is null && _candidates is null && _total is null)
        {
            return null;
        }

        var thoughts = _thoughts ?? 0;
        var prompt = _prompt ?? Math.Max(0, (_total - (_candidates ?? 0) - thoughts - _tools) ?? 0);
        var candidates = _candidates ?? Math.Max(0, (_total - prompt - thoughts - _tools) ?? 0);
        var cached = Math.Min(_cached, prompt);
        return new TokenUsage(prompt - cached + _tools, cached, 0, candidates, thoughts);
    }

    private void ReadMember(ref Utf8JsonReader reader)
    {
        if (reader.Is("promptTokenCount"u8))
        {
            _prompt = ReadCount(ref reader) ?? _prompt;
        }
        else if (reader.Is("candidatesTokenCount"u8))
        {
            _candidates = ReadCount(ref reader) ?? _candidates;
        }
        else if (reader.Is("thoughtsTokenCount"u8))
        {
            _thoughts = ReadCount(ref reader) ?? _thoughts;
        }
        else if (reader.Is("totalTokenCount"u8))
        {
            _total = ReadCount(ref reader) ?? _total;
        }
        else if (reader.Is("cachedContentTokenCount"u8))
        {
            _cached = ReadCount(ref reader) ?? _cached;
        }
        else if (reader.Is("toolUsePromptTokenCount"u8))
        {
            _tools = ReadCount(ref reader) ?? _tools;
        }
        else
        {
            reader.Skip();
        }
    }

    private static long? ReadCount(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.Number)
        {
            reader.Skip();
            return null;
        }

        if (reader.TryGetInt64(out var count))
        {
            return Math.Clamp(count, 0, MaxCount);
        }

        return reader.TryGetDouble(out var number) && double.IsFinite(number) ? (long)Math.Clamp(number, 0, MaxCount) : null;
    }
}
