using AIHigress.MockUpstream.Scripting;
using AIHigress.MockUpstream.Traffic;

namespace AIHigress.MockUpstream;

/// <summary>What one mock remembers; the protocols, the control endpoints and the in-process face share it.</summary>
internal sealed class MockState(MockUpstreamOptions options)
{
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _keys =
        options.ApiKeys.ToHashSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    public MockUpstreamOptions Options { get; } = options;

    public ScriptTable Scripts { get; } = new(options.Models.ToHashSet(StringComparer.Ordinal));

    public Journal? Journal { get; } = options.Journal ? new Journal() : null;

    public TrafficCounters Traffic { get; } = new();

    public GateBoard Gates { get; } = new();

    /// <summary>Whether a request with this key is let in; every one is when no keys are given.</summary>
    public bool Accepts(ReadOnlySpan<char> key) => Options.ApiKeys.Count == 0 || _keys.Contains(key);
}
