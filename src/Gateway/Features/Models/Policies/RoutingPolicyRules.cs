using AIHigress.Gateway.Common;

namespace AIHigress.Gateway.Features.Models.Policies;

/// <summary>The rules of a routing policy's fields.</summary>
internal static class RoutingPolicyRules
{
    private const int MaxTimeoutMs = 3_600_000;
    private const int Day = 86_400;

    public static void Check(RoutingPolicy policy, FieldErrors errors)
    {
        Coefficients("balanced", policy.Coefficients.Balanced, errors);
        Coefficients("latency_first", policy.Coefficients.LatencyFirst, errors);
        Coefficients("cost_first", policy.Coefficients.CostFirst, errors);
        Coefficients("reliability_first", policy.Coefficients.ReliabilityFirst, errors);
        errors.Range("ttft_norm_ms", policy.TtftNormMs, 100, 600_000);
        errors.Range("exploration.share", policy.Exploration.Share, 0, 0.2);
        errors.Range("exploration.samples", policy.Exploration.Samples, 1, 10_000);
        errors.Range("attempts", policy.Attempts, 1, 20);
        errors.Range("timeouts.ttft_ms", policy.Timeouts.TtftMs, 100, MaxTimeoutMs);
        errors.Range("timeouts.idle_ms", policy.Timeouts.IdleMs, 100, MaxTimeoutMs);
        errors.Range("timeouts.total_ms", policy.Timeouts.TotalMs, 1000, MaxTimeoutMs);
        Circuit(policy.Circuit, errors);
        DynamicWeights(policy.DynamicWeights, errors);
        errors.Range("stickiness.ttl_seconds", policy.Stickiness.TtlSeconds, 1, 30 * Day);
    }

    private static void Coefficients(string strategy, ScoreCoefficients value, FieldErrors errors)
    {
        var path = $"coefficients.{strategy}";
        errors.Range($"{path}.alpha", value.Alpha, 0, 10);
        errors.Range($"{path}.beta", value.Beta, 0, 10);
        errors.Range($"{path}.gamma", value.Gamma, 0, 10);
        errors.Range($"{path}.delta", value.Delta, 0, 10);
    }

    private static void Circuit(CircuitPolicy circuit, FieldErrors errors)
    {
        errors.Range("circuit.failures", circuit.Failures, 1, 1000);
        errors.Range("circuit.window_seconds", circuit.WindowSeconds, 1, 3600);
        errors.Range("circuit.rate", circuit.Rate, 0.01, 1);
        errors.Range("circuit.rate_minimum", circuit.RateMinimum, 1, 100_000);
        errors.Range("circuit.rate_window_seconds", circuit.RateWindowSeconds, 1, 3600);
        errors.Range("circuit.open_seconds", circuit.OpenSeconds, 1, 3600);
        errors.Range("circuit.longest_open_seconds", circuit.LongestOpenSeconds, 1, Day);
        if (circuit.OpenSeconds > circuit.LongestOpenSeconds)
        {
            errors.Add("circuit.longest_open_seconds", "out_of_range", "must not be less than circuit.open_seconds");
        }
    }

    private static void DynamicWeights(DynamicWeightPolicy weights, FieldErrors errors)
    {
        errors.Range("dynamic_weights.success", weights.Success, 0, 1);
        errors.Range("dynamic_weights.retryable", weights.Retryable, 0, 1);
        errors.Range("dynamic_weights.fatal", weights.Fatal, 0, 1);
        errors.Range("dynamic_weights.min", weights.Min, 0.01, 1);
        errors.Range("dynamic_weights.max", weights.Max, 1, 100);
        errors.Range("dynamic_weights.half_life_seconds", weights.HalfLifeSeconds, 1, Day);
    }
}
