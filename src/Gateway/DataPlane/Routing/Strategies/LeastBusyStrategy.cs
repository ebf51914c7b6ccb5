namespace AIHigress.Gateway.DataPlane.Routing.Strategies;

/// <summary>The fewest requests in flight for its weight. The score is the best load in parts of the candidate's own.</summary>
internal sealed class LeastBusyStrategy : IStrategy
{
    public void Score(in CandidatePool pool)
    {
        var least = double.MaxValue;
        for (var i = 0; i < pool.Count; i++)
        {
            var candidate = pool[i];
            var weight = candidate.Upstream.Weight * candidate.State.Measured.Read(pool.Policy.DynamicWeights).WeightFactor;
            // An exponential draw ÷ weight picks idle ones in proportion to their weights; requests in flight add to it.
            var chance = -Math.Log(1 - pool.Random.NextDouble());
            var load = (candidate.State.InFlight + chance) / Math.Max(weight, 1e-6);
            candidate.Score = new Score(load, 0, 0, null, 0);
            least = Math.Min(least, load);
        }

        for (var i = 0; i < pool.Count; i++)
        {
            pool[i].Score = new Score(Math.Max(least, double.Epsilon) / Math.Max(pool[i].Score.Weight, double.Epsilon), 0, 0, null, 0);
        }
    }

    public int First(in CandidatePool pool) => 0;
}
