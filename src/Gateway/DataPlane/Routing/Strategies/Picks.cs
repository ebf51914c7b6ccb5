namespace AIHigress.Gateway.DataPlane.Routing.Strategies;

/// <summary>Ways to pick one of a sorted pool.</summary>
internal static class Picks
{
    private const double MostExploration = 0.5;

    /// <summary>
    /// Now and then any one, so that each upstream keeps the policy's least share: a new one gets known, and one that was
    /// bad is seen to be good again. Null: pick by score.
    /// </summary>
    public static int? Explore(in CandidatePool pool)
    {
        var count = Usual(pool);
        if (count < 2)
        {
            return null;
        }

        var share = Math.Min(MostExploration, pool.Policy.Exploration.Share * count);
        var draw = pool.Random.NextDouble();
        return draw < share ? (int)(draw / share * count) : null;
    }

    /// <summary>Two draws by score, and the less busy of them.</summary>
    public static int LessBusyOfTwo(in CandidatePool pool)
    {
        var one = Draw(pool, except: -1);
        var two = Draw(pool, one);
        return two >= 0 && Load(pool[two]) < Load(pool[one]) ? two : one;
    }

    /// <summary>By chance in proportion to max(score, 0), without the one at <paramref name="except"/>; -1 when none has a score.</summary>
    public static int Draw(in CandidatePool pool, int except)
    {
        var sum = 0d;
        for (var i = 0; i < pool.Count; i++)
        {
            sum += i == except ? 0 : Math.Max(0, pool[i].Score.Total);
        }

        if (sum <= 0)
        {
            return except == 0 ? -1 : 0;
        }

        var at = pool.Random.NextDouble() * sum;
        var last = 0;
        for (var i = 0; i < pool.Count; i++)
        {
            var score = i == except ? 0 : Math.Max(0, pool[i].Score.Total);
            if (score > 0)
            {
                last = i;
                at -= score;
                if (at < 0)
                {
                    return i;
                }
            }
        }

        return last;
    }

    // Weight 0 is a reserve, sorted behind the others; a pool of nothing but reserves is a usual one.
    private static int Usual(in CandidatePool pool)
    {
        var count = 0;
        while (count < pool.Count && pool[count].Upstream.Weight > 0)
        {
            count++;
        }

        return count == 0 ? pool.Count : count;
    }

    private static double Load(Candidate candidate) => candidate.State.InFlight / Math.Max(0.001, candidate.Upstream.Weight);
}
