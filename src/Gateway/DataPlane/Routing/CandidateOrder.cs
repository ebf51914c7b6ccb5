using AIHigress.Gateway.DataPlane.Routing.Affinity;
using AIHigress.Gateway.DataPlane.Routing.Circuits;
using AIHigress.Gateway.DataPlane.Routing.Strategies;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Models.Policies;
using AIHigress.Gateway.Features.Providers.Health;

namespace AIHigress.Gateway.DataPlane.Routing;

/// <summary>
/// Puts a logical model's candidates in the order of trying (data-plane.md §3): the strategy scores them and picks the
/// first, the rest follow by descending score. A prompt's beginning, where the model asks for it, goes before the strategy.
/// </summary>
internal sealed class CandidateOrder(Random random, RoutingPolicies? policies = null, ICostBook? costs = null, ProviderHealthBoard? health = null)
{
    private const double DegradedPenalty = 0.5;

    private static readonly IStrategy[] Strategies = MakeStrategies();

    private readonly RoutingPolicies _policies = policies ?? new RoutingPolicies();

    public Random Random { get; } = random;

    public ICostBook Costs { get; } = costs ?? UnknownCosts.Instance;

    /// <summary>The strategy of logical models that name none.</summary>
    public RoutingStrategy Default => _policies.Current.DefaultStrategy;

    /// <summary>Scores and sorts <paramref name="candidates"/> from index <paramref name="first"/> on.</summary>
    /// <param name="candidates">A plan's candidates.</param>
    /// <param name="first">Where this logical model's begin.</param>
    /// <param name="strategy">What puts them in order.</param>
    /// <param name="isStream">The answer is wanted as a stream.</param>
    /// <param name="prefix">Of a model with prompt affinity: the digest of what the prompt begins with.</param>
    public void Sort(List<Candidate> candidates, int first, RoutingStrategy strategy, bool isStream = false, ulong? prefix = null)
    {
        var count = candidates.Count - first;
        if (count == 0)
        {
            return;
        }

        var pool = new CandidatePool(candidates, first, _policies.Current, this, isStream);
        var by = Strategies[(int)strategy];
        by.Score(pool);
        if (count == 1)
        {
            return;
        }

        if (prefix is { } digest)
        {
            Rendezvous.Rank(pool, digest);
            candidates.Sort(first, count, ByRank.Instance);
            return;
        }

        if (by.KeepsOrder)
        {
            return;
        }

        candidates.Sort(first, count, ByScore.Instance);
        if (by.First(pool) is var pick and > 0)
        {
            var chosen = candidates[first + pick];
            candidates.RemoveAt(first + pick);
            candidates.Insert(first, chosen);
        }
    }

    /// <summary>0…1: 1 for a circuit on trial, ½ for a degraded provider.</summary>
    public double PenaltyOf(Candidate candidate) =>
        candidate.State.Circuit.Phase is CircuitPhase.HalfOpen or CircuitPhase.Trial ? 1
        : health?.Of(candidate.Upstream.Provider.Id) == ProviderHealth.Degraded ? DegradedPenalty
        : 0;

    private static IStrategy[] MakeStrategies()
    {
        var strategies = new IStrategy[Enum.GetValues<RoutingStrategy>().Length];
        strategies[(int)RoutingStrategy.Balanced] = new BalancedStrategy();
        strategies[(int)RoutingStrategy.LatencyFirst] = new LatencyFirstStrategy();
        strategies[(int)RoutingStrategy.CostFirst] = new CostFirstStrategy();
        strategies[(int)RoutingStrategy.ReliabilityFirst] = new ReliabilityFirstStrategy();
        strategies[(int)RoutingStrategy.Weighted] = new WeightedStrategy();
        strategies[(int)RoutingStrategy.LeastBusy] = new LeastBusyStrategy();
        strategies[(int)RoutingStrategy.Priority] = new PriorityStrategy();
        strategies[(int)RoutingStrategy.Bandit] = new BanditStrategy();
        return strategies;
    }

    // Reserves (weight 0) come behind the others, whatever was measured of them.
    private sealed class ByScore : IComparer<Candidate>
    {
        public static readonly ByScore Instance = new();

        public int Compare(Candidate? x, Candidate? y) =>
            (y!.Upstream.Weight > 0).CompareTo(x!.Upstream.Weight > 0) is var reserve and not 0 ? reserve : y.Score.Total.CompareTo(x.Score.Total);
    }

    private sealed class ByRank : IComparer<Candidate>
    {
        public static readonly ByRank Instance = new();

        public int Compare(Candidate? x, Candidate? y) => y!.Rank.CompareTo(x!.Rank);
    }
}
