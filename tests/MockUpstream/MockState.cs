using AIHigress.MockUpstream.Scripting;
using AIHigress.MockUpstream.Traffic;

namespace AIHigress.MockUpstream;

/// <summary>What one mock remembers; the protocols, the control endpoints and the in-process face share it.</summary>
internal sealed class MockState(MockUpstreamOptions options)
{
    public MockUpstreamOptions Options { get; } = options;

    public ScriptTable Scripts { get; } = new(options.Models.ToHashSet(StringComparer.Ordinal));

    public Journal? Journal { get; } = options.Journal ? new Journal() : null;

    public TrafficCounters Traffic { get; } = new();

    public GateBoard Gates { get; } = new();
}
