using System.Collections.Concurrent;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Providers.Health.Traffic;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Providers.Health.Probing;

/// <summary>Probes the providers that are due, many at a time. Due is a column: whoever moves it forward probes, so that one interval has one probe.</summary>
internal sealed class ProbeRound(GatewayDbContext db, TrafficReader traffic, Prober prober, IOptionsMonitor<ProvidersOptions> options, TimeProvider time)
{
    private const int AtOnce = 64;
    private const int MostPerRound = 256;

    /// <summary>What each provider showed whose turn it was.</summary>
    public async Task<IReadOnlyDictionary<string, ProbeShown>> RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var due = await (
            from provider in db.Providers.AsNoTracking()
            join health in db.ProviderHealth.AsNoTracking() on provider.Id equals health.ProviderId
            where provider.DeletedAt == null && provider.ProbeEnabled && health.ProbeDueAt <= now
                && (provider.OperationStatus == OperationStatus.Active || (provider.OperationStatus == OperationStatus.Paused && provider.StatusBy == Provider.ByHealth))
            orderby health.ProbeDueAt
            select new { provider.Id, provider.ProbeIntervalSeconds, health.Backoff }).Take(MostPerRound).ToListAsync(cancellationToken);
        var shown = new ConcurrentDictionary<string, ProbeShown>(StringComparer.Ordinal);
        var wanted = new List<(string Id, bool IsServing)>();
        foreach (var item in due)
        {
            var interval = ProbeInterval.Of(TimeSpan.FromSeconds(item.ProbeIntervalSeconds ?? options.CurrentValue.ProbeIntervalSeconds), item.Backoff);
            if (!await ClaimAsync(item.Id, now, interval, cancellationToken))
            {
                continue;
            }

            var answered = await traffic.AnsweredAsync(item.Id, interval, cancellationToken);
            if (answered >= HealthRules.EnoughRequests)
            {
                shown[item.Id] = ProbeShown.NotNeeded;
            }
            else
            {
                wanted.Add((item.Id, answered > 0));
            }
        }

        await Parallel.ForEachAsync(wanted, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (item, token) =>
            shown[item.Id] = new ProbeShown(await prober.RunAsync(item.Id, item.IsServing, token), WasNeeded: true));
        return shown;
    }

    private async Task<bool> ClaimAsync(string id, DateTimeOffset now, TimeSpan interval, CancellationToken cancellationToken)
    {
        var next = now + ProbeInterval.Jittered(interval);
        return await db.ProviderHealth.Where(h => h.ProviderId == id && h.ProbeDueAt <= now)
            .ExecuteUpdateAsync(set => set.SetProperty(h => h.ProbeDueAt, next), cancellationToken) == 1;
    }
}

/// <summary>What a provider's turn showed.</summary>
/// <param name="Probe">Null when there was nothing to chat with, or no need.</param>
/// <param name="WasNeeded">False when enough requests of clients were answered meanwhile.</param>
internal sealed record ProbeShown(ProviderProbe? Probe, bool WasNeeded)
{
    public static readonly ProbeShown NotNeeded = new(null, WasNeeded: false);
}
