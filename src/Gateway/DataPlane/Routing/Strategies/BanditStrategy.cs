namespace AIHigress.Gateway.DataPlane.Routing.Strategies;

/// <summary>
/// Thompson sampling: each upstream's chance to answer in time is drawn from what its answers say (a Beta distribution
/// of the decayed counts), and the best draw wins. What is little known is drawn from far and wide, so it gets tried.
/// The score is the draw.
/// </summary>
internal sealed class BanditStrategy : IStrategy
{
    public void Score(in CandidatePool pool)
    {
        for (var i = 0; i < pool.Count; i++)
        {
            var reading = pool[i].State.Measured.Read(pool.Policy.DynamicWeights);
            pool[i].Score = new Score(BetaDraw.Next(pool.Random, 1 + reading.InTime, 1 + reading.Missed), 0, 0, null, 0);
        }
    }

    public int First(in CandidatePool pool) => Picks.Explore(pool) ?? 0;
}

/// <summary>Draws from a Beta distribution as the ratio of two Gamma draws (Marsaglia and Tsang, 2000).</summary>
internal static class BetaDraw
{
    /// <param name="random">Where chance comes from.</param>
    /// <param name="a">At least 1.</param>
    /// <param name="b">At least 1.</param>
    public static double Next(Random random, double a, double b)
    {
        var x = Gamma(random, a);
        return x / (x + Gamma(random, b));
    }

    private static double Gamma(Random random, double shape)
    {
        var d = shape - (1d / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var normal = Normal(random);
            var v = 1 + (c * normal);
            if (v <= 0)
            {
                continue;
            }

            v = v * v * v;
            var u = 1 - random.NextDouble();
            if (Math.Log(u) < (0.5 * normal * normal) + d - (d * v) + (d * Math.Log(v)))
            {
                return d * v;
            }
        }
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
