namespace AIHigress.Gateway.Features.Providers.Health;

/// <summary>What the last five minutes of all replicas' traffic say of a provider, counted since its health last changed.</summary>
/// <param name="Answered">Answers that came to their end.</param>
/// <param name="Failed">Failures that are the provider's fault.</param>
/// <param name="TtftP95Ms">95th percentile of the time to first token; null when too few streams were seen.</param>
/// <param name="UsualP95Ms">The median of the last 24 hours' hourly 95th percentiles; null when there is no history.</param>
internal readonly record struct TrafficEvidence(int Answered, int Failed, double? TtftP95Ms = null, double? UsualP95Ms = null)
{
    public int All => Answered + Failed;

    public double ErrorRate => All == 0 ? 0 : (double)Failed / All;
}

/// <summary>What the probes say.</summary>
/// <param name="FailedInRow">Failed ones in a row.</param>
/// <param name="GoodInRow">Good ones in a row since the health last changed.</param>
/// <param name="Watched">Whether the provider is probed at all.</param>
internal readonly record struct ProbeEvidence(int FailedInRow, int GoodInRow, bool Watched);

/// <summary>A health with the code of its reason.</summary>
internal readonly record struct Verdict(ProviderHealth Health, string? Reason);

/// <summary>
/// How a provider's health follows from what was seen (control-plane.md §5.4). Pure. It falls at once, to where the
/// evidence puts it; it rises one step for every two good probes.
/// </summary>
internal static class HealthRules
{
    public const int EnoughRequests = 20;
    private const int FailuresThatFell = 3;
    private const int GoodThatLift = 2;
    private const double DownRate = 0.5;
    private const double DegradedRate = 0.1;
    private const double SlowFactor = 2;

    public static Verdict Next(ProviderHealth now, ProbeEvidence probes, TrafficEvidence traffic)
    {
        var worst = Worst(probes, traffic);
        if (worst.Health > now && worst.Health >= ProviderHealth.Degraded)
        {
            return worst;
        }

        if (worst.Health >= ProviderHealth.Degraded)
        {
            // It is no better than it stands: nothing lifts it.
            return new Verdict(now, null);
        }

        return now switch
        {
            ProviderHealth.Unknown => FirstSight(probes, traffic),
            _ when !probes.Watched && traffic.All == 0 => new Verdict(ProviderHealth.Unknown, "nothing_seen"),
            ProviderHealth.Down when Lifts(probes, traffic) => new Verdict(ProviderHealth.Degraded, Why(probes)),
            ProviderHealth.Degraded when Lifts(probes, traffic) => new Verdict(ProviderHealth.Healthy, Why(probes)),
            _ => new Verdict(now, null),
        };
    }

    private static Verdict Worst(ProbeEvidence probes, TrafficEvidence traffic)
    {
        if (probes.Watched && probes.FailedInRow >= FailuresThatFell)
        {
            return new Verdict(ProviderHealth.Down, "probes_failed");
        }

        if (traffic.All >= EnoughRequests && traffic.ErrorRate >= DownRate)
        {
            return new Verdict(ProviderHealth.Down, "error_rate");
        }

        if (traffic.All >= EnoughRequests && traffic.ErrorRate >= DegradedRate)
        {
            return new Verdict(ProviderHealth.Degraded, "error_rate");
        }

        return traffic.TtftP95Ms is { } now && traffic.UsualP95Ms is { } usual && now > usual * SlowFactor
            ? new Verdict(ProviderHealth.Degraded, "slow")
            : new Verdict(ProviderHealth.Unknown, null);
    }

    private static Verdict FirstSight(ProbeEvidence probes, TrafficEvidence traffic) =>
        probes.GoodInRow > 0 ? new Verdict(ProviderHealth.Healthy, "probe_good")
        : traffic.All >= EnoughRequests ? new Verdict(ProviderHealth.Healthy, "traffic_good")
        : new Verdict(ProviderHealth.Unknown, null);

    // Without probes only traffic can show that it is well again.
    private static bool Lifts(ProbeEvidence probes, TrafficEvidence traffic) =>
        probes.GoodInRow >= GoodThatLift || (!probes.Watched && traffic.All >= EnoughRequests);

    private static string Why(ProbeEvidence probes) => probes.GoodInRow >= GoodThatLift ? "probes_good" : "traffic_good";
}
