namespace AIHigress.Gateway.DataPlane.Routing;

/// <summary>The moving state of one provider key: requests in flight, and how long it rests after failures.</summary>
internal sealed class KeyState(TimeProvider time)
{
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan AuthBackoff = TimeSpan.FromSeconds(30);

    private int _inFlight;
    private int _fails;
    private long _restsUntil;

    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>How long the key still rests; zero when it may be used.</summary>
    public TimeSpan Rests
    {
        get
        {
            var ticks = Volatile.Read(ref _restsUntil) - time.GetTimestamp();
            return ticks <= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds((double)ticks / time.TimestampFrequency);
        }
    }

    public bool TryEnter(int? limit)
    {
        if (Interlocked.Increment(ref _inFlight) > (limit ?? int.MaxValue))
        {
            Interlocked.Decrement(ref _inFlight);
            return false;
        }

        return true;
    }

    public void Leave() => Interlocked.Decrement(ref _inFlight);

    public void Succeeded()
    {
        if (Volatile.Read(ref _fails) != 0)
        {
            Volatile.Write(ref _fails, 0);
        }
    }

    /// <summary>429: rests as long as the upstream says (at most 10 min), else 1 s doubling up to 60 s.</summary>
    public void RateLimited(TimeSpan? retryAfter) =>
        Rest(retryAfter is { } wait ? Min(wait, LongestRetryAfter) : Backoff(TimeSpan.FromSeconds(1)));

    /// <summary>The upstream did not accept the key: 5 s doubling, at least 30 s, at most 60 s.</summary>
    public void Refused() => Rest(TimeSpan.FromTicks(Math.Max(Backoff(TimeSpan.FromSeconds(5)).Ticks, AuthBackoff.Ticks)));

    private TimeSpan Backoff(TimeSpan first)
    {
        var fails = Math.Min(Interlocked.Increment(ref _fails) - 1, 10);
        return Min(TimeSpan.FromTicks(first.Ticks << fails), LongestBackoff);
    }

    private void Rest(TimeSpan span)
    {
        var until = time.GetTimestamp() + (long)(span.TotalSeconds * time.TimestampFrequency);
        var seen = Volatile.Read(ref _restsUntil);
        while (until > seen)
        {
            var found = Interlocked.CompareExchange(ref _restsUntil, until, seen);
            if (found == seen)
            {
                return;
            }

            seen = found;
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
