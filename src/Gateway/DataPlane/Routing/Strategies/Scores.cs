using AIHigress.Gateway.Features.Models.Policies;

namespace AIHigress.Gateway.DataPlane.Routing.Strategies;

/// <summary>
/// The score of data-plane.md §3. What is not known of an upstream, or is long ago, counts as what is known of the
/// others: a new one is neither the best nor the worst.
/// </summary>
internal static class Scores
{
    /// <summary>The given weights alone, the largest being 1.</summary>
    public static void OfWeights(in CandidatePool pool)
    {
        var largest = 0d;
        for (var i = 0; i < pool.Count; i++)
        {
            largest = Math.Max(largest, pool[i].Upstream.Weight);
        }

        for (var i = 0; i < pool.Count; i++)
        {
            pool[i].Score = new Score(largest > 0 ? pool[i].Upstream.Weight / largest : 1, 0, 0, null, 0);
        }
    }

    /// <param name="pool">The candidates.</param>
    /// <param name="weigh">What each term counts.</param>
    /// <param name="mostWeight">The dynamic weight counts up to this, in parts of the given one. Where the best score takes all,
    /// a bonus for answers would keep whoever has the traffic.</param>
    public static void OfMeasurements(in CandidatePool pool, ScoreCoefficients weigh, double mostWeight = double.MaxValue)
    {
        var (largest, latency, errors) = Read(pool, mostWeight);
        for (var i = 0; i < pool.Count; i++)
        {
            var candidate = pool[i];
            var known = candidate.Score;
            candidate.Score = new Score(
                largest > 0 ? known.Weight / largest : 1,
                weigh.Alpha * latency.Fill(known.Latency, candidate.LatencyKnown),
                weigh.Beta * errors.Fill(known.Error, candidate.ErrorsKnown),
                weigh.Gamma * pool.CostOf(candidate),
                weigh.Delta * pool.PenaltyOf(candidate));
        }
    }

    /// <summary>0…1: the p95 of what the client waits for, in parts of the norm. Streams and plain answers are measured apart.</summary>
    public static double? Latency(in Reading reading, bool isStream, double norm)
    {
        var (own, other) = isStream ? (reading.Ttft, reading.Plain) : (reading.Plain, reading.Ttft);
        var (ownNorm, otherNorm) = isStream ? (norm, norm * Measurements.PlainNorm) : (norm * Measurements.PlainNorm, norm);
        return own.IsKnown ? Math.Min(1, own.P95 / ownNorm) : other.IsKnown ? Math.Min(1, other.P95 / otherNorm) : null;
    }

    // First pass: raw values into the scores, and what is known over all.
    private static (double Largest, Average Latency, Average Errors) Read(in CandidatePool pool, double mostWeight)
    {
        var largest = 0d;
        var (latency, errors) = (default(Average), default(Average));
        for (var i = 0; i < pool.Count; i++)
        {
            var candidate = pool[i];
            var reading = candidate.State.Measured.Read(pool.Policy.DynamicWeights);
            var sure = reading.Confidence * Math.Min(1, reading.Samples / (double)Math.Max(1, pool.Policy.Exploration.Samples));
            var slow = Latency(reading, pool.IsStream, pool.Policy.TtftNormMs);
            candidate.LatencyKnown = slow is null ? 0 : sure;
            candidate.ErrorsKnown = sure;
            candidate.Score = new Score(candidate.Upstream.Weight * Math.Min(mostWeight, reading.WeightFactor), slow ?? 0, reading.ErrorRate, null, 0);
            largest = Math.Max(largest, candidate.Score.Weight);
            latency = latency.With(candidate.Score.Latency, candidate.LatencyKnown);
            errors = errors.With(candidate.Score.Error, candidate.ErrorsKnown);
        }

        return (largest, latency, errors);
    }

    /// <summary>The mean of what is known; goes to 0 when nothing is known for sure.</summary>
    private readonly record struct Average(double Sum, double Weight)
    {
        public Average With(double value, double known) => new(Sum + (value * known), Weight + known);

        public double Fill(double value, double known) => (value * known) + ((1 - known) * Sum / Math.Max(1, Weight));
    }
}
