using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.Anthropic;

/// <summary>
/// Anthropic's <c>usage</c>: input_tokens excludes what was read from or written to the cache, output_tokens includes thinking. In a stream it comes
/// twice, in pieces; of each count the last that was given holds.
/// </summary>
internal struct MessagesUsage
{
    // Far above any real count, low enough that sums of a few stay in range.
    private const long MaxCount = long.MaxValue / 8;

    private long? _input;
    private long? _cached;
    private long? _cacheWrite;
    private long? _output;
    private long? _thinking;

    /// <summary>Null until a count was given.</summary>
    public readonly TokenUsage? Total
    {
        get
        {
            if (_input is null && _output is null && _cached is null && _cacheWrite is null)
            {
                return null;
            }

            var output = _output ?? 0;
            var thinking = Math.Min(_thinking ?? 0, output);
            return new TokenUsage(_input ?? 0, _cached ?? 0, _cacheWrite ?? 0, output - thinking, thinking);
        }
    }

    /// <summary>Takes the counts of a usage object; anything else is ignored. Throws <see cref="JsonException"/> on bad JSON.</summary>
    public void Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadMember(ref reader);
        }
    }

    private void ReadMember(ref Utf8JsonReader reader)
    {
        if (reader.Is("input_tokens"u8))
        {
            _input = ReadCount(ref reader) ?? _input;
        }
        else if (reader.Is("cache_read_input_tokens"u8))
        {
            _cached = ReadCount(ref reader) ?? _cached;
        }
        else if (reader.Is("cache_creation_input_tokens"u8))
        {
            _cacheWrite = ReadCount(ref reader) ?? _cacheWrite;
        }
        else if (reader.Is("output_tokens"u8))
        {
            _output = ReadCount(ref reader) ?? _output;
        }
        else if (reader.Is("output_tokens_details"u8))
        {
            ReadDetails(ref reader);
        }
        else
        {
            reader.Skip();
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
            if (reader.Is("thinking_tokens"u8))
            {
                _thinking = ReadCount(ref reader) ?? _thinking;
            }
            else
            {
                reader.Skip();
            }
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

    /// <summary>Writes the members of a usage object; zeros when nothing was reported, as clients need the members.</summary>
    public static void Write(Utf8JsonWriter json, TokenUsage? usage)
    {
        var counts = usage ?? default;
        json.WriteStartObject("usage"u8);
        json.WriteNumber("input_tokens"u8, counts.Input);
        json.WriteNumber("cache_creation_input_tokens"u8, counts.CacheWrite);
        json.WriteNumber("cache_read_input_tokens"u8, counts.CachedInput);
        json.WriteNumber("output_tokens"u8, counts.Output + counts.Reasoning);
        json.WriteStartObject("output_tokens_details"u8);
        json.WriteNumber("thinking_tokens"u8, counts.Reasoning);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
