namespace AIHigress.Gateway.DataPlane.Routing;

/// <summary>
/// What real traffic showed of one upstream: error rate and time to first token, each sample's weight halving every
/// two minutes. Updated by compare-and-swap of an immutable sum, so that no request waits for another.
/// </summary>
internal sealed class Measurements(TimeProvider time)
{
    private static readonly double HalfLifeTicks = TimeSpan.FromMinutes(2).Ticks;

    private Sums _sums = new(0, 0, 0, 0, 0, 0, time.GetTimestamp());

    /// <summary>All samples since the process started, without decay.</summary>
    public long Samples => Volatile.Read(ref _sums).Samples;

    /// <summary>0…1; 0 while nothing is known.</summary>
    public double ErrorRate
    {
        get
        {
            var sums = Volatile.Read(ref _sums);
            return sums.Weight < 1e-6 ? 0 : sums.Errors / sums.Weight;
        }
    }

    /// <summary>Estimated 95th percentile in milliseconds (mean + 1.645 standard deviations); 0 while nothing is known.</summary>
    public double TtftP95Ms
    {
        get
        {
            var sums = Volatile.Read(ref _sums);
            if (sums.TtftWeight < 1e-6)
            {
                return 0;
            }

            var mean = sums.Ttft / sums.TtftWeight;
            var variance = Math.Max(0, (sums.TtftSquared / sums.TtftWeight) - (mean * mean));
            return mean + (1.645 * Math.Sqrt(variance));
        }
    }

    public void AddSuccess() => Add(samples: 1, error: 0, ttftMs: null);

    public void AddFailure() => Add(samples: 1, error: 1, ttftMs: null);

    /// <summary>The first token of a stream, which is no sample yet: it may still break.</summary>
    public void AddTtft(double ttftMs) => Add(samples: 0, error: 0, ttftMs);

    private void Add(int samples, double error, double? ttftMs)
    {
        while (true)
        {
            var old = Volatile.Read(ref _sums);
            var now = time.GetTimestamp();
            var elapsed = time.GetElapsedTime(old.At, now).Ticks;
            var keep = elapsed <= 0 ? 1 : Math.Pow(0.5, elapsed / HalfLifeTicks);
            var hasTtft = ttftMs is null ? 0 : 1;
            var ttft = ttftMs ?? 0;
            var sums = new Sums(
                (old.Weight * keep) + samples,
                (old.Errors * keep) + error,
                (old.TtftWeight * keep) + hasTtft,
                (old.Ttft * keep) + ttft,
                (old.TtftSquared * keep) + (ttft * ttft),
                old.Samples + samples,
                now);
            if (Interlocked.CompareExchange(ref _sums, sums, old) == old)
            {
                return;
            }
        }
    }

    private sealed record Sums(double Weight, double Errors, double TtftWeight, double Ttft, double TtftSquared, long Samples, long At);
}
