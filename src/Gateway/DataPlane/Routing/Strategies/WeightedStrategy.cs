namespace AIHigress.Gateway.DataPlane.Routing.Strategies;

/// <summary>By chance in proportion to the given weights; nothing measured moves them.</summary>
internal sealed class WeightedStrategy : IStrategy
{
    public void Score(in CandidatePool pool) => Scores.OfWeights(pool);

    public int First(in CandidatePool pool) => Picks.Draw(pool, except: -1);
}
