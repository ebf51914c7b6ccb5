using System.Collections.Concurrent;
using System.Text.Json;

namespace AIHigress.MockUpstream.OpenAI;

/// <summary>One string per model id, so that reading an id seen before allocates nothing.</summary>
internal sealed class ModelIds
{
    private const int MostKnown = 4096;
    private const int LongestKnown = 256;

    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public ModelIds() => _lookup = _known.GetAlternateLookup<ReadOnlySpan<char>>();

    public string Read(ref Utf8JsonReader reader)
    {
        if (reader.HasValueSequence || reader.ValueSpan.Length > LongestKnown)
        {
            return reader.GetString()!;
        }

        Span<char> buffer = stackalloc char[LongestKnown];
        ReadOnlySpan<char> id = buffer[..reader.CopyString(buffer)];
        if (_lookup.TryGetValue(id, out var known))
        {
            return known;
        }

        var added = id.ToString();
        return _known.Count < MostKnown ? _known.GetOrAdd(added, added) : added;
    }
}
