namespace AIHigress.Gateway.DataPlane.Routing;

/// <summary>
/// The decayed sums of one upstream's measurements, as one replica tells them to others. Each sample's weight halves
/// every two minutes; the sums are as of <see cref="AgeMs"/> before they were taken, the time of the newest sample.
/// </summary>
public sealed record MeasurementsSnapshot
{
    /// <summary>Attempts that ended.</summary>
    public double Weight { get; init; }

    /// <summary>Of those, the failed ones.</summary>
    public double Errors { get; init; }

    /// <summary>Answers that came later than the bandit's target.</summary>
    public double Slow { get; init; }

    /// <summary>Streams that began.</summary>
    public double TtftWeight { get; init; }

    /// <summary>Sum of milliseconds.</summary>
    public double Ttft { get; init; }

    public double TtftSquared { get; init; }

    /// <summary>Plain answers.</summary>
    public double PlainWeight { get; init; }

    /// <summary>Sum of milliseconds to the whole answer.</summary>
    public double Plain { get; init; }

    public double PlainSquared { get; init; }

    public double TokensPerSecondWeight { get; init; }

    public double TokensPerSecond { get; init; }

    /// <summary>Attempts that ended since the process started, without decay.</summary>
    public long Samples { get; init; }

    public double AgeMs { get; init; }
}
