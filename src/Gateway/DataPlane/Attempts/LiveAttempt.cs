using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.DataPlane.Routing.Circuits;
using AIHigress.Gateway.DataPlane.Upstream;

namespace AIHigress.Gateway.DataPlane.Attempts;

/// <summary>What one attempt holds: its candidate, a key, a place in the counts, a clock, and its answer. Given back exactly once.</summary>
internal sealed class LiveAttempt : IDisposable
{
    private int _disposed;

    public LiveAttempt(Candidate candidate, KeyLease lease, CircuitPass pass, AttemptClock clock, AttemptTimes times, int startMs)
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

    /// <summary>Milliseconds from its start to its first output; null for a plain answer.</summary>
    public int? TtftMs { get; set; }

    /// <summary>One of <see cref="AttemptRoles"/>; null for the next in the plan.</summary>
    public string? Role { get; init; }

    /// <summary>What the record says of it besides its category.</summary>
    public string? Note { get; set; }

    /// <summary>The walk through the plan that it is part of; null outside of one.</summary>
    public AttemptRun? Run { get; init; }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        Reply.Plain?.Dispose();
        if (Reply.Stream is { } stream)
        {
            // With the clock, which it may need a little longer.
            stream.Dispose();
        }
        else
        {
            Clock.Dispose();
        }

        Candidate.State.Leave();
        Lease.Dispose();
    }
}
