namespace AIHigress.Gateway.DataPlane.Upstream;

/// <summary>
/// One cancellation for everything that may end an attempt: the client leaving, the server ending its streams, a
/// timeout, the request's deadline. Says afterwards which it was.
/// </summary>
internal sealed class AttemptClock : IDisposable
{
    private readonly TimeProvider _time;
    private readonly CancellationToken _client;
    private readonly CancellationToken _ending;
    private readonly CancellationTokenSource _source;
    private readonly long _deadline;
    private long _armedAt;
    private TimeSpan _armed;
    private volatile bool _overtaken;

    public AttemptClock(TimeProvider time, long deadline, CancellationToken client, CancellationToken ending)
    {
        _time = time;
        _deadline = deadline;
        _client = client;
        _ending = ending;
        _source = CancellationTokenSource.CreateLinkedTokenSource(client, ending);
    }

    public CancellationToken Token => _source.Token;

    public bool ClientGone => _client.IsCancellationRequested;

    public bool ServerEnding => _ending.IsCancellationRequested;

    /// <summary>Another attempt was faster.</summary>
    public bool IsOvertaken => _overtaken;

    /// <summary>Ends the attempt at once, because another was faster. Its connection is closed before this returns, or soon after.</summary>
    public void Overtake()
    {
        _overtaken = true;
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself, just now.
        }
    }

    /// <summary>Gives the next step this much time, or what the deadline leaves. Cheap when called for every chunk.</summary>
    public void Arm(TimeSpan span)
    {
        var now = _time.GetTimestamp();
        var left = _time.GetElapsedTime(now, _deadline);
        var wanted = span < left ? span : left;
        // Moving a timer costs more than reading the clock: a timer armed within the last eighth still fits.
        if (_armed == span && left > span && _time.GetElapsedTime(_armedAt, now) < span / 8)
        {
            return;
        }

        _armed = span;
        _armedAt = now;
        _source.CancelAfter(wanted > TimeSpan.Zero ? wanted : TimeSpan.Zero);
    }

    /// <summary>Stops the timer while the client, not the upstream, is what is waited for.</summary>
    public void Pause()
    {
        _armed = TimeSpan.Zero;
        _source.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _source.Dispose();
}
