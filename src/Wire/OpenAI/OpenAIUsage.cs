using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.OpenAI;

/// <summary>
/// Reads an OpenAI-style <c>usage</c> object into disjoint counts. Prompt counts include cached tokens and completion counts include
/// reasoning, so the parts are taken out of the wholes; a part never exceeds its whole.
/// </summary>
internal struct OpenAIUsage
{
    // Far above any real count, low enough that sums of a few stay in range.
    private const long MaxCount = long.MaxValue / 8;

    private long? _prompt;
    private long? _completion;
    private long? _total;
    private long _cached;
    private long _cacheWrite;
    private long _reasoning;

    /// <summary>Reads the value at the reader; null when it is not an object or holds neither a prompt, a completion nor a total count.</summary>
    public static TokenUsage? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        var usage = default(OpenAIUsage);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            usage.ReadMember(ref reader);
        }

        return usage.Normalize();
    }

    private readonly TokenUsage? Normalize()
    {
        if (_prompt is null && _completion is null && _total is null)
        {
            return null;
        }

        var prompt = _prompt ?? Math.Max(0, (_total - (_completion ?? 0)) ?? 0);
        var completion = _completion ?? Math.Max(0, (_total - prompt) ?? 0);
        var cached = Math.Min(_cached, prompt);
        var cacheWrite = Math.Min(_cacheWrite, prompt - cached);

        // Some servers (xAI) leave reasoning out of the completion count; only their total gives it away.
        var isOutside = _reasoning > 0 && _total == prompt + completion + _reasoning;
        var reasoning = isOutside ? _reasoning : Math.Min(_reasoning, completion);
        var output = isOutside ? completion : completion - reasoning;
        return new TokenUsage(prompt - cached - cacheWrite, cached, cacheWrite, output, reasoning);
    }

    private void ReadMember(ref Utf8JsonReader reader)
    {
        if (reader.Is("prompt_tokens"u8) || reader.Is("input_tokens"u8))
        {
            _prompt = ReadCount(ref reader) ?? _prompt;
        }
        else if (reader.Is("completion_tokens"u8) || reader.Is("output_tokens"u8))
        {
            _completion = ReadCount(ref reader) ?? _completion;
        }
        else if (reader.Is("total_tokens"u8))
        {
            _total = ReadCount(ref reader) ?? _total;
        }
        else if (reader.Is("prompt_tokens_details"u8) || reader.Is("input_tokens_details"u8))
        {
            ReadDetails(ref reader);
        }
        else if (reader.Is("completion_tokens_details"u8) || reader.Is("output_tokens_details"u8))
        {
            ReadDetails(ref reader);
        }
        else
        {
            ReadPart(ref reader);
        }
    }

    private void ReadDetails(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadPart(ref reader);
        }
    }

    // The parts stand in the details objects; DeepSeek, Moonshot and some proxies put them beside the wholes under these names.
    private void ReadPart(ref Utf8JsonReader reader)
    {
        if (reader.Is("cached_tokens"u8) || reader.Is("prompt_cache_hit_tokens"u8) || reader.Is("cache_read_input_tokens"u8))
        {
            _cached = Math.Max(_cached, ReadCount(ref reader) ?? 0);
        }
        else if (reader.Is("cache_write_tokens"u8) || reader.Is("cache_creation_tokens"u8) || reader.Is("cache_creation_input_tokens"u8))
        {
            _cacheWrite = Math.Max(_cacheWrite, ReadCount(ref reader) ?? 0);
        }
        else if (reader.Is("reasoning_tokens"u8))
        {
            _reasoning = Math.Max(_reasoning, ReadCount(ref reader) ?? 0);
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
