using AIHigress.Gateway.DataPlane.Routing.Circuits;
using AIHigress.Gateway.DataPlane.Routing.Filters;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Providers.Health;
using AIHigress.Gateway.Features.Usage;

namespace AIHigress.Gateway.DataPlane.Routing.Explaining;

/// <summary>Puts a plan into the form in which people see it: one way for what happened and for what would happen.</summary>
internal static class PlanViews
{
    /// <summary>A trace keeps so many of each list.</summary>
    public const int MostInTrace = 10;

    private const int Digits = 4;

    public static PlanView Of(RoutePlan plan, int most = int.MaxValue)
    {
        var candidates = new PlanCandidate[Math.Min(most, plan.Candidates.Count)];
        for (var i = 0; i < candidates.Length; i++)
        {
            candidates[i] = Of(plan.Candidates[i], i + 1);
        }

        return new PlanView
        {
            LogicalModel = plan.Route?.Id,
            Strategy = StrategyNames.Of(plan.Strategy),
            Stickiness = plan.Stickiness,
            Candidates = candidates,
            CandidateCount = plan.Candidates.Count,
            Excluded = plan.Exclusions.Count == 0 ? [] : Of(plan.Exclusions, most),
            ExcludedCount = plan.Exclusions.Count,
            Fallbacks = plan.Fallbacks.Count == 0 ? [] : [.. plan.Fallbacks.Select(f => new PlanFallback(f.Model, f.Reason))],
            Error = plan.Error?.Code,
        };
    }

    public static string NameOf(CircuitPhase phase) => phase switch
    {
        CircuitPhase.Closed => PlanCandidate.Closed,
        CircuitPhase.Open => PlanCandidate.Open,
        CircuitPhase.HalfOpen => PlanCandidate.HalfOpen,
        _ => PlanCandidate.Trial,
    };

    public static string NameOf(ProviderHealth health) => health switch
    {
        ProviderHealth.Healthy => PlanCandidate.Healthy,
        ProviderHealth.Degraded => PlanCandidate.Degraded,
        ProviderHealth.Down => PlanCandidate.Down,
        _ => PlanCandidate.Unknown,
    };

    private static PlanCandidate Of(Candidate candidate, int rank)
    {
        var score = candidate.Score;
        return new PlanCandidate
        {
            Rank = rank,
            LogicalModel = candidate.LogicalModel,
            Provider = candidate.Upstream.Provider.Id,
            Model = candidate.Upstream.Model,
            Score = Round(score.Total),
            WeightTerm = Round(score.Weight),
            LatencyTerm = candidate.LatencyKnown > 0 ? Round(score.Latency) : null,
            ErrorTerm = candidate.ErrorsKnown > 0 ? Round(score.Error) : null,
            CostTerm = score.Cost is { } cost ? Round(cost) : null,
            PenaltyTerm = score.Penalty > 0 ? Round(score.Penalty) : null,
            DynamicWeight = candidate.DynamicWeight is { } weight ? Round(weight) : null,
            Circuit = NameOf(candidate.Circuit),
            Health = NameOf(candidate.Health),
            InFlight = candidate.InFlight,
            Samples = candidate.Samples,
            TriedAnyway = candidate.IgnoresCircuit,
        };
    }

    private static List<PlanExclusion> Of(IReadOnlyList<Exclusion> exclusions, int most)
    {
        // What the caller may not know of is of no use to him: it goes last, so that it is the first to be cut.
        var views = new List<PlanExclusion>(Math.Min(most, exclusions.Count));
        foreach (var hidden in (bool[])[false, true])
        {
            foreach (var exclusion in exclusions)
            {
                if (Reasons.IsHidden(exclusion.Reason) == hidden && views.Count < most)
                {
                    views.Add(new PlanExclusion(
                        exclusion.LogicalModel, exclusion.Upstream.Provider.Id, exclusion.Upstream.Model, exclusion.Reason, exclusion.Text));
                }
            }
        }

        return views;
    }

    private static double Round(double value) => Math.Round(value, Digits);
}
