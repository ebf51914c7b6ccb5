using AIHigress.Gateway.Features.Models.Policies;

namespace AIHigress.Gateway.DataPlane.Routing.Strategies;

/// <summary>How one strategy values the upstreams of a logical model, and which of them it tries first.</summary>
internal interface IStrategy
{
    /// <summary>The candidates stay as declared: no score moves them.</summary>
    bool KeepsOrder => false;

    /// <summary>Sets the score of every candidate; they are then sorted by it.</summary>
    void Score(in CandidatePool pool);

    /// <summary>The place of the candidate to try first, in the sorted pool.</summary>
    int First(in CandidatePool pool);
}

/// <summary>The candidates of one logical model, which are the end of a plan's list, and what values them.</summary>
/// <param name="list">The plan's candidates.</param>
/// <param name="start">Where this logical model's begin.</param>
/// <param name="policy">The policy in force.</param>
/// <param name="order">Where chance, prices and health come from.</param>
/// <param name="isStream">The answer is wanted as a stream.</param>
internal readonly ref struct CandidatePool(List<Candidate> list, int start, RoutingPolicy policy, CandidateOrder order, bool isStream)
{
    public RoutingPolicy Policy { get; } = policy;

    public bool IsStream { get; } = isStream;

    public Random Random => order.Random;

    public int Count => list.Count - start;

    public Candidate this[int place] => list[start + place];

    public double? CostOf(Candidate candidate) => order.Costs.NormOf(candidate.Upstream);

    /// <summary>0…1.</summary>
    public double PenaltyOf(Candidate candidate) => order.PenaltyOf(candidate);
}
