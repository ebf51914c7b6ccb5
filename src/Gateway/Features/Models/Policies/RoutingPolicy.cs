using System.ComponentModel;

namespace AIHigress.Gateway.Features.Models.Policies;

/// <summary>
/// The values that requests are routed by, of this server's whole traffic. Immutable; the API takes and gives it in this
/// very shape. What is null is said by the server's settings.
/// </summary>
public sealed record RoutingPolicy
{
    public static readonly RoutingPolicy Default = new();

    [Description("The strategy of logical models that name none.")]
    public RoutingStrategy DefaultStrategy { get; init; } = RoutingStrategy.Balanced;

    public StrategyCoefficients Coefficients { get; init; } = new();

    [Description("The p95 of the time to first token at which the latency term is whole; and the bandit's target.")]
    public int TtftNormMs { get; init; } = 4000;

    public ExplorationPolicy Exploration { get; init; } = new();

    [Description("Attempts for one request; null: MAX_ATTEMPTS.")]
    public int? Attempts { get; init; }

    public PolicyTimeouts Timeouts { get; init; } = new();

    public CircuitPolicy Circuit { get; init; } = new();

    public DynamicWeightPolicy DynamicWeights { get; init; } = new();

    public StickinessPolicy Stickiness { get; init; } = new();
}

/// <summary>What the terms of a score weigh, by strategy.</summary>
public sealed record StrategyCoefficients
{
    public ScoreCoefficients Balanced { get; init; } = new(0.3, 0.3, 0.2, 0.2);

    public ScoreCoefficients LatencyFirst { get; init; } = new(0.6, 0.2, 0.1, 0.1);

    public ScoreCoefficients CostFirst { get; init; } = new(0.2, 0.2, 0.5, 0.1);

    public ScoreCoefficients ReliabilityFirst { get; init; } = new(0.3, 0.5, 0.1, 0.1);
}

/// <summary>Score = weight − α·latency − β·errors − γ·cost − δ·penalty, each term within 0…1.</summary>
/// <param name="Alpha">Latency.</param>
/// <param name="Beta">Error rate.</param>
/// <param name="Gamma">Cost.</param>
/// <param name="Delta">Penalty: a degraded provider, a circuit on trial.</param>
public sealed record ScoreCoefficients(double Alpha, double Beta, double Gamma, double Delta);

/// <summary>What upstreams get that no score would choose: without it nobody would see that one has become better.</summary>
public sealed record ExplorationPolicy
{
    [Description("The least share of a model's traffic for each of its upstreams, 0…0.2.")]
    public double Share { get; init; } = 0.02;

    [Description("An upstream with fewer samples is new.")]
    public int Samples { get; init; } = 20;
}

/// <summary>Milliseconds, where neither the provider nor the logical model says otherwise; null: the UPSTREAM_*_TIMEOUT_MS and GATEWAY_REQUEST_TIMEOUT_MS settings.</summary>
public sealed record PolicyTimeouts
{
    public int? TtftMs { get; init; }

    public int? IdleMs { get; init; }

    public int? TotalMs { get; init; }
}

/// <summary>When an upstream is left alone, and for how long.</summary>
public sealed record CircuitPolicy
{
    [Description("Failures within the window that open it; null: PROVIDER_FAILURE_THRESHOLD.")]
    public int? Failures { get; init; }

    public int WindowSeconds { get; init; } = 60;

    [Description("The share of failed requests that opens it, 0…1, once there are rate_minimum of them.")]
    public double Rate { get; init; } = 0.5;

    public int RateMinimum { get; init; } = 20;

    public int RateWindowSeconds { get; init; } = 30;

    [Description("Seconds it stays open at first; doubles each time. Null: PROVIDER_FAILURE_COOLDOWN_SECONDS.")]
    public int? OpenSeconds { get; init; }

    public int LongestOpenSeconds { get; init; } = 600;
}

/// <summary>How answers and failures move an upstream's weight, in parts of the weight that was given to it.</summary>
public sealed record DynamicWeightPolicy
{
    public bool Enabled { get; init; } = true;

    [Description("Added by each answer.")]
    public double Success { get; init; } = 0.05;

    [Description("Taken off by each failure that another try may cure.")]
    public double Retryable { get; init; } = 0.2;

    [Description("Taken off by each failure that a person must cure: a refused key.")]
    public double Fatal { get; init; } = 0.5;

    public double Min { get; init; } = 0.2;

    public double Max { get; init; } = 3;

    [Description("Seconds in which half of the way back to the given weight is done.")]
    public int HalfLifeSeconds { get; init; } = 600;
}

/// <summary>Whether and how long a session stays at the upstream that answered it.</summary>
public sealed record StickinessPolicy
{
    public bool Enabled { get; init; } = true;

    [Description("Seconds since its last answer; null = SESSION_TTL_SECONDS.")]
    public int? TtlSeconds { get; init; }
}
