namespace AIHigress.Gateway.DataPlane.Routing.Strategies;

/// <summary>A chain: the first declared upstream, and each next one only when those before it fail.</summary>
internal sealed class PriorityStrategy : IStrategy
{
    public bool KeepsOrder => true;

    public void Score(in CandidatePool pool) => Scores.OfWeights(pool);

    public int First(in CandidatePool pool) => 0;
}
