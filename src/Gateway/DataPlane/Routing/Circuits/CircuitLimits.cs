namespace AIHigress.Gateway.DataPlane.Routing.Circuits;

/// <summary>When a circuit opens, and for how long (data-plane.md §5); the numbers are the routing policy's.</summary>
internal sealed record CircuitLimits
{
    public static readonly CircuitLimits Default = new();

    /// <summary>Counted failures within <see cref="Window"/>, with no success between them, that open it.</summary>
    public int Failures { get; init; } = 3;

    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The share of failures, 0…1, that opens it once <see cref="RateMinimum"/> attempts ended within <see cref="RateWindow"/>.</summary>
    public double Rate { get; init; } = 0.5;

    public int RateMinimum { get; init; } = 20;

    public TimeSpan RateWindow { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long it stays open the first time; each failed trial doubles it, up to <see cref="LongestOpen"/>.</summary>
    public TimeSpan Open { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan LongestOpen { get; init; } = TimeSpan.FromMinutes(10);
}
