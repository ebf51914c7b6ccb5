using AIHigress.MockUpstream.Control;

namespace AIHigress.MockUpstream.Traffic;

/// <summary>Counts what goes on, for statistics and for those who wait for it. Control requests are not counted.</summary>
internal sealed class TrafficCounters
{
    private readonly Signal _changed = new();
    private long _ordered;
    private long _requests;
    private long _inFlight;
    private long _canceled;
    private long _connections;
    private long _connectionsTotal;
    private long _answers;

    public MockStats Stats => new(
        Interlocked.Read(ref _requests),
        Interlocked.Read(ref _inFlight),
        Interlocked.Read(ref _canceled),
        Interlocked.Read(ref _connections),
        Interlocked.Read(ref _connectionsTotal));

    /// <summary>The ordinal of the next answer; ids are made of it.</summary>
    public long NextAnswer() => Interlocked.Increment(ref _answers);

    /// <summary>The place of the next request in the journal.</summary>
    public long NextRequest() => Interlocked.Increment(ref _ordered);

    /// <summary>Call when the request can be found in the journal: whoever waits for it looks there.</summary>
    public void RequestStarted()
    {
        Interlocked.Increment(ref _inFlight);
        Interlocked.Increment(ref _requests);
        _changed.Pulse();
    }

    public void RequestEnded(bool canceled)
    {
        if (canceled)
        {
            Interlocked.Increment(ref _canceled);
        }

        Interlocked.Decrement(ref _inFlight);
        _changed.Pulse();
    }

    public void ConnectionOpened()
    {
        Interlocked.Increment(ref _connectionsTotal);
        Interlocked.Increment(ref _connections);
        _changed.Pulse();
    }

    public void ConnectionClosed()
    {
        Interlocked.Decrement(ref _connections);
        _changed.Pulse();
    }

    public Task<bool> WhenAsync(Func<MockStats, bool> reached, TimeSpan timeout, CancellationToken cancellation) =>
        _changed.WhenAsync(() => reached(Stats), timeout, cancellation);
}
