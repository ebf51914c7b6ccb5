namespace AIHigress.Gateway.DataPlane.Routing;

/// <summary>Requests per second by GCRA: one timestamp, moved by compare-and-swap. Allows a burst of one second's worth.</summary>
internal sealed class RateLimiter(TimeProvider time)
{
    private long _arrival;

    /// <summary>Takes one request at <paramref name="perSecond"/>; false and the time to wait when it is too early.</summary>
    public bool TryTake(int perSecond, out TimeSpan wait)
    {
        var step = time.TimestampFrequency / Math.Max(1, perSecond);
        while (true)
        {
            var now = time.GetTimestamp();
            var arrival = Volatile.Read(ref _arrival);
            var next = Math.Max(arrival, now) + step;
            var early = next - now - time.TimestampFrequency;
            if (early > 0)
            {
                wait = TimeSpan.FromSeconds((double)early / time.TimestampFrequency);
                return false;
            }

            if (Interlocked.CompareExchange(ref _arrival, next, arrival) == arrival)
            {
                wait = TimeSpan.Zero;
                return true;
            }
        }
    }

    /// <summary>The time until a request would be let through; zero when one would be now. Takes nothing.</summary>
    public TimeSpan WaitFor(int perSecond)
    {
        var now = time.GetTimestamp();
        var step = time.TimestampFrequency / Math.Max(1, perSecond);
        var early = Math.Max(Volatile.Read(ref _arrival), now) + step - now - time.TimestampFrequency;
        return early <= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds((double)early / time.TimestampFrequency);
    }
}
