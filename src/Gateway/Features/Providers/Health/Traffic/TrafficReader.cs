using AIHigress.Gateway.Data;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Providers.Health.Traffic;

/// <summary>Reads what all replicas counted: the last minutes for judging, the last day for what is usual.</summary>
internal sealed class TrafficReader(GatewayDbContext db, TimeProvider time)
{
    /// <summary>Minute rows live this long.</summary>
    public const int KeptMinutes = 30;
    private const int WindowMinutes = 5;
    private const int EnoughStreams = 20;
    private const int EnoughHours = 3;
    private const int UsualHours = 24;

    public long Minute => time.GetUtcNow().ToUnixTimeSeconds() / 60;

    /// <summary>The minutes that count now, by provider; of one provider, or of all.</summary>
    public async Task<ILookup<string, TrafficMinute>> WindowAsync(IReadOnlyList<string>? only, CancellationToken cancellationToken)
    {
        var first = Minute - WindowMinutes;
        var rows = db.ProviderTraffic.AsNoTracking().Where(t => t.Minute >= first);
        rows = only is null ? rows : rows.Where(t => only.Contains(t.ProviderId));
        return (await rows.ToListAsync(cancellationToken)).ToLookup(t => t.ProviderId, StringComparer.Ordinal);
    }

    /// <summary>Answers per provider in the last <paramref name="span"/>, or as far back as minutes are kept.</summary>
    public async Task<int> AnsweredAsync(string providerId, TimeSpan span, CancellationToken cancellationToken)
    {
        var first = Minute - (long)Math.Min(span.TotalMinutes, KeptMinutes);
        return await db.ProviderTraffic.Where(t => t.ProviderId == providerId && t.Minute >= first).SumAsync(t => t.Answered, cancellationToken);
    }

    /// <summary>The usual 95th percentile of each provider that has a history: the median of its hours' percentiles.</summary>
    public async Task<IReadOnlyDictionary<string, double>> UsualAsync(IReadOnlyList<string> providers, CancellationToken cancellationToken)
    {
        if (providers.Count == 0)
        {
            return new Dictionary<string, double>();
        }

        var first = (Minute / 60) - UsualHours;
        var hours = await db.ProviderTtftHours.AsNoTracking().Where(h => h.Hour >= first && providers.Contains(h.ProviderId)).ToListAsync(cancellationToken);
        return (
            from hour in hours
            where hour.Counts.Sum() >= EnoughStreams
            group TtftScale.Percentile(hour.Counts, 0.95)!.Value by hour.ProviderId into percentiles
            where percentiles.Count() >= EnoughHours
            select (percentiles.Key, Median: MedianOf([.. percentiles.Order()]))).ToDictionary(p => p.Key, p => p.Median, StringComparer.Ordinal);
    }

    /// <summary>Adds up minutes.</summary>
    public static TrafficEvidence Sum(IEnumerable<TrafficMinute> minutes, double? usual)
    {
        var (answered, failed) = (0, 0);
        int[] ttft = [];
        foreach (var minute in minutes)
        {
            answered += minute.Answered;
            failed += minute.Failed;
            ttft = minute.Ttft.Length == 0 ? ttft : TtftScale.Add(ttft, minute.Ttft);
        }

        return new TrafficEvidence(answered, failed, ttft.Sum() >= EnoughStreams ? TtftScale.Percentile(ttft, 0.95) : null, usual);
    }

    private static double MedianOf(double[] sorted) =>
        sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
}
