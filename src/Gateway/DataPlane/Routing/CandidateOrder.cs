using AIHigress.Gateway.Features.Models;

namespace AIHigress.Gateway.DataPlane.Routing;

/// <summary>
/// Puts a logical model's candidates in the order of trying (data-plane.md §3). The first is drawn by score or weight,
/// so that traffic spreads; the rest follow by descending score.
/// </summary>
internal sealed class CandidateOrder(Random random)
{
    private const double TtftNormMs = 4000;
    private const double Alpha = 0.3;
    private const double Beta = 0.3;
    private const double Delta = 0.2;
    private const long NewcomerSamples = 20;
    private const double NewcomerShare = 0.02;

    /// <summary>Scores and sorts <paramref name="candidates"/> from index <paramref name="first"/> on.</summary>
    public void Sort(List<Candidate> candidates, int first, RoutingStrategy strategy)
    {
        var count = candidates.Count - first;
        if (count == 0)
        {
            return;
        }

        SetScores(candidates, first, strategy);
        if (strategy == RoutingStrategy.Priority || count == 1)
        {
            return;
        }

        candidates.Sort(first, count, ByScore.Instance);
        var pick = strategy == RoutingStrategy.Balanced ? PickBalanced(candidates, first) : Draw(candidates, first, -1);
        var chosen = candidates[pick];
        candidates.RemoveAt(pick);
        candidates.Insert(first, chosen);
    }

    private static void SetScores(List<Candidate> candidates, int first, RoutingStrategy strategy)
    {
        var largest = 0d;
        for (var i = first; i < candidates.Count; i++)
        {
            largest = Math.Max(largest, candidates[i].Upstream.Weight);
        }

        var measured = strategy == RoutingStrategy.Balanced;
        for (var i = first; i < candidates.Count; i++)
        {
            var candidate = candidates[i];
            var weight = largest > 0 ? candidate.Upstream.Weight / largest : 1;
            var numbers = candidate.State.Measured;
            // Cost is 0 until prices exist.
            candidate.Score = measured
                ? new Score(
                    weight,
                    Alpha * Math.Min(1, numbers.TtftP95Ms / TtftNormMs),
                    Beta * numbers.ErrorRate,
                    0,
                    candidate.State.Circuit.Phase == CircuitPhase.HalfOpen ? Delta : 0)
                : new Score(weight, 0, 0, 0, 0);
        }
    }

    // Newcomers keep a small share until they have been seen enough; else two draws, and the less busy one wins.
    private int PickBalanced(List<Candidate> candidates, int first)
    {
        for (var i = first; i < candidates.Count; i++)
        {
            if (candidates[i].State.Measured.Samples < NewcomerSamples && random.NextDouble() < NewcomerShare)
            {
                return i;
            }
        }

        var one = Draw(candidates, first, -1);
        var two = Draw(candidates, first, one);
        return two >= 0 && Load(candidates[two]) < Load(candidates[one]) ? two : one;
    }

    private static double Load(Candidate candidate) => candidate.State.InFlight / Math.Max(0.001, candidate.Upstream.Weight);

    // Weighted random by max(score, 0), without the one at "except"; the first of the rest when all scores are 0 or less.
    private int Draw(List<Candidate> candidates, int first, int except)
    {
        var sum = 0d;
        for (var i = first; i < candidates.Count; i++)
        {
            sum += i == except ? 0 : Math.Max(0, candidates[i].Score.Total);
        }

        var at = random.NextDouble() * sum;
        var last = -1;
        for (var i = first; i < candidates.Count; i++)
        {
            if (i == except)
            {
                continue;
            }

            last = last < 0 || candidates[i].Score.Total > 0 ? i : last;
            at -= Math.Max(0, candidates[i].Score.Total);
            if (at < 0)
            {
                return i;
            }
        }

        return sum > 0 ? last : FirstOther(candidates, first, except);
    }

    private static int FirstOther(List<Candidate> candidates, int first, int except)
    {
        var i = first == except ? first + 1 : first;
        return i < candidates.Count ? i : -1;
    }

    private sealed class ByScore : IComparer<Candidate>
    {
        public static readonly ByScore Instance = new();

        public int Compare(Candidate? x, Candidate? y) => y!.Score.Total.CompareTo(x!.Score.Total);
    }
}
