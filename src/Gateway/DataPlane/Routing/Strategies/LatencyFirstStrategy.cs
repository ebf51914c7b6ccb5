namespace AIHigress.Gateway.DataPlane.Routing.Strategies;

/// <summary>As balanced, with the time to first token weighing most.</summary>
internal sealed class LatencyFirstStrategy : IStrategy
{
    public void Score(in CandidatePool pool) => Scores.OfMeasurements(pool, pool.Policy.Coefficients.LatencyFirst);

    public int First(in CandidatePool pool) => Picks.Explore(pool) ?? Picks.LessBusyOfTwo(pool);
}
