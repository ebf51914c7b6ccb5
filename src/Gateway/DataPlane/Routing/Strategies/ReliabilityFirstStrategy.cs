namespace AIHigress.Gateway.DataPlane.Routing.Strategies;

/// <summary>The best score, with the error rate weighing most.</summary>
internal sealed class ReliabilityFirstStrategy : IStrategy
{
    public void Score(in CandidatePool pool) => Scores.OfMeasurements(pool, pool.Policy.Coefficients.ReliabilityFirst, mostWeight: 1);

    public int First(in CandidatePool pool) => Picks.Explore(pool) ?? 0;
}
