using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.DataPlane.Upstream;

namespace AIHigress.Gateway.DataPlane.Attempts;

/// <summary>What one attempt holds: its candidate, a key, a place in the counts, a clock, and its answer. Given back exactly once.</summary>
internal sealed class LiveAttempt : IDisposable
{
    private LiveAttempt(Candidate candidate, KeyLease lease, CircuitPass pass, AttemptClock clock, AttemptTimes times, int startMs)
    {
        Candidate = candidate;
        Lease = lease;
        Pass = pass;
        Clock = clock;
        Times = times;
        StartMs = startMs;
        candidate.State.Enter();
    }

    public Candidate Candidate { get; }

    public KeyLease Lease { get; }

    /// <summary>The circuit's leave, given back with the outcome.</summary>
    public CircuitPass Pass { get; }

    public AttemptClock Clock { get; }

    public AttemptTimes Times { get; }

    /// <summary>Milliseconds from the request's start.</summary>
    public int StartMs { get; }

    public UpstreamReply Reply { get; set; }

    /// <summary>Null when the candidate's key, place or half-open trial was taken since the plan was made.</summary>
    public static LiveAttempt? TryStart(
        Candidate candidate, KeyPool keys, IReadOnlyList<Guid> usedKeys, Guid? wantedKey, Func<AttemptClock> clock, AttemptTimes times, int startMs)
    {
        if (keys.TryTake(candidate.Upstream.Provider, usedKeys, wantedKey) is not { } lease)
        {
            return null;
        }

        var pass = candidate.State.Circuit.StartAnyway();
        if (!candidate.IgnoresCircuit && !candidate.State.Circuit.TryStart(out pass))
        {
            lease.Dispose();
            return null;
        }

        return new LiveAttempt(candidate, lease, pass, clock(), times, startMs);
    }

    public void Dispose()
    {
        Reply.Plain?.Dispose();
        Reply.Stream?.Dispose();
        Clock.Dispose();
        Candidate.State.Leave();
        Lease.Dispose();
    }
}
