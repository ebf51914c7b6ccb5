namespace AIHigress.Gateway.DataPlane.Limits;

/// <summary>
/// A rate by the generic cell rate algorithm: one timestamp, the moment at which everything that was taken has come back,
/// moved by compare-and-swap. Time is monotonic: a clock that is set does nothing to it.
/// </summary>
internal sealed class Gcra(TimeProvider time)
{
    private long _fullAt;

    /// <summary>Takes so many units; false and the time to wait when it is too early, and then nothing is taken.</summary>
    public bool TryTake(in Rate rate, long units, out RateView view, out TimeSpan wait)
    {
        var burst = Ticks(rate.Period);
        var charge = Charge(rate, rate.Chargeable(units), burst);
        while (true)
        {
            var now = time.GetTimestamp();
            var seen = Volatile.Read(ref _fullAt);
            var start = Math.Max(seen, now);
            var early = start + charge - now - burst;
            if (early > 0 && units > 0)
            {
                view = new RateView(rate, Span(start - now));
                wait = Span(early);
                return false;
            }

            if (Interlocked.CompareExchange(ref _fullAt, start + charge, seen) == seen)
            {
                view = new RateView(rate, Span(start + charge - now));
                wait = TimeSpan.Zero;
                return true;
            }
        }
    }

    /// <summary>Charges units that were used beyond those taken (whatever is left), or gives back units that were not used.</summary>
    public void Correct(in Rate rate, long units)
    {
        var burst = Ticks(rate.Period);
        if (units <= 0)
        {
            Interlocked.Add(ref _fullAt, -Charge(rate, -units, burst));
            return;
        }

        // A debt is worked off within one more period, however large it is.
        var charge = Charge(rate, Math.Min(units, rate.Count * 2), burst);
        while (true)
        {
            var now = time.GetTimestamp();
            var seen = Volatile.Read(ref _fullAt);
            var next = Math.Max(seen, Math.Min(Math.Max(seen, now) + charge, now + (2 * burst)));
            if (Interlocked.CompareExchange(ref _fullAt, next, seen) == seen)
            {
                return;
            }
        }
    }

    /// <summary>Takes over what Redis knows, so that this replica goes on from there when Redis is away.</summary>
    public void Follow(TimeSpan backlog) => Volatile.Write(ref _fullAt, time.GetTimestamp() + Ticks(backlog));

    /// <summary>The rate as it is; takes nothing.</summary>
    public RateView Look(in Rate rate)
    {
        var backlog = Volatile.Read(ref _fullAt) - time.GetTimestamp();
        return new RateView(rate, backlog > 0 ? Span(backlog) : TimeSpan.Zero);
    }

    private static long Charge(in Rate rate, long units, long burst) => (long)((Int128)units * burst / rate.Count);

    private long Ticks(TimeSpan span) => (long)((Int128)span.Ticks * time.TimestampFrequency / TimeSpan.TicksPerSecond);

    private TimeSpan Span(long ticks) => TimeSpan.FromTicks((long)((Int128)ticks * TimeSpan.TicksPerSecond / time.TimestampFrequency));
}
