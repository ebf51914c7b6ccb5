using System.Runtime.InteropServices;

namespace AIHigress.Gateway.DataPlane.Limits;

/// <summary>So many units in so much time. The whole of it may be used at once; it then comes back evenly.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Rate(long Count, TimeSpan Period)
{
    public static Rate PerSecond(long count) => new(Math.Max(1, count), TimeSpan.FromSeconds(1));

    public static Rate PerMinute(long count) => new(Math.Max(1, count), TimeSpan.FromMinutes(1));

    /// <summary>What is charged for so many units: a request larger than the whole rate passes when nothing else was used, or it never would.</summary>
    public long Chargeable(long units) => Math.Min(units, Count);
}

/// <summary>A rate as the limiter left it.</summary>
/// <param name="Rate">The rate.</param>
/// <param name="Backlog">How long it takes until all of it is there again.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RateView(Rate Rate, TimeSpan Backlog)
{
    /// <summary>Whole units that could be used now.</summary>
    public long Remaining => Backlog >= Rate.Period ? 0 : (long)((Int128)(Rate.Period - Backlog).Ticks * Rate.Count / Rate.Period.Ticks);

    /// <summary>The time until so many units could be used; zero when they could be now.</summary>
    public TimeSpan WaitFor(long units)
    {
        var needed = (long)((Int128)Rate.Period.Ticks * Rate.Chargeable(units) / Rate.Count);
        var wait = Backlog.Ticks + needed - Rate.Period.Ticks;
        return wait > 0 ? TimeSpan.FromTicks(wait) : TimeSpan.Zero;
    }
}
