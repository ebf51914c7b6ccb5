namespace AIHigress.Gateway.DataPlane.Routing.Strategies;

/// <summary>The best score, with the price weighing most.</summary>
internal sealed class CostFirstStrategy : IStrategy
{
    public void Score(in CandidatePool pool) => Scores.OfMeasurements(pool, pool.Policy.Coefficients.CostFirst, mostWeight: 1);

    public int First(in CandidatePool pool) => Picks.Explore(pool) ?? 0;
}
