namespace AIHigress.Gateway.DataPlane.Routing.Strategies;

/// <summary>Spreads traffic by score; of two draws, the less busy upstream gets the request.</summary>
internal sealed class BalancedStrategy : IStrategy
{
    public void Score(in CandidatePool pool) => Scores.OfMeasurements(pool, pool.Policy.Coefficients.Balanced);

    public int First(in CandidatePool pool) => Picks.Explore(pool) ?? Picks.LessBusyOfTwo(pool);
}
