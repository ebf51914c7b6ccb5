using AIHigress.Gateway.Data;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Providers.Health.Traffic;

/// <summary>Turns minutes that are too old for judging into the hours of "usual", and lets go of what is older than that.</summary>
internal sealed class TrafficFold(GatewayDbContext db, TrafficReader traffic)
{
    private const int KeptHours = 25;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var before = traffic.Minute - TrafficReader.KeptMinutes;
        var minutes = await db.ProviderTraffic.AsNoTracking().Where(t => t.Minute < before).ToListAsync(cancellationToken);
        if (minutes.Count == 0)
        {
            return;
        }

        var hours = minutes.Where(m => m.Ttft.Length > 0).GroupBy(m => (m.ProviderId, Hour: m.Minute / 60)).ToList();
        var numbers = hours.Select(h => h.Key.Hour).Distinct().ToList();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var rows = await db.ProviderTtftHours.Where(h => numbers.Contains(h.Hour)).ToDictionaryAsync(h => (h.ProviderId, h.Hour), cancellationToken);
        foreach (var hour in hours)
        {
            var counts = hour.Aggregate(Array.Empty<int>(), (sum, m) => TtftScale.Add(sum, m.Ttft));
            if (rows.TryGetValue(hour.Key, out var row))
            {
                row.Counts = TtftScale.Add([.. row.Counts], counts);
            }
            else
            {
                db.ProviderTtftHours.Add(new TtftHour { ProviderId = hour.Key.ProviderId, Hour = hour.Key.Hour, Counts = counts });
            }
        }

        await db.SaveChangesAsync(cancellationToken);
        foreach (var minute in minutes)
        {
            // Exactly the rows that were added up: one written meanwhile is for the next time.
            await db.ProviderTraffic.Where(t => t.ProviderId == minute.ProviderId && t.Minute == minute.Minute && t.Replica == minute.Replica)
                .ExecuteDeleteAsync(cancellationToken);
        }

        var oldest = (traffic.Minute / 60) - KeptHours;
        await db.ProviderTtftHours.Where(h => h.Hour < oldest).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
