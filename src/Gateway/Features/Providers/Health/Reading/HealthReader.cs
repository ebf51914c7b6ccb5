using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Providers.Health.Reading;

/// <summary>Reads one provider's health and its past.</summary>
internal sealed class HealthReader(GatewayDbContext db, TimeProvider time)
{
    private const int MostEvents = 500;
    private const int MostProbes = 50;
    private static readonly string[] Ranges = ["24h", "7d", "90d"];

    public async Task<ProviderHealthView> ReadAsync(string id, string? range, CurrentUser user, CancellationToken cancellationToken)
    {
        var days = DaysOf(range);
        var provider = await ProviderAccess.FindAsync(db, id, user, cancellationToken);
        var now = time.GetUtcNow();
        var start = now.AddDays(-days);
        var state = await db.ProviderHealth.AsNoTracking().SingleOrDefaultAsync(h => h.ProviderId == id, cancellationToken);
        var history = await UptimeHistory.ReadAsync(db, [id], now, cancellationToken);
        var events = await db.ProviderEvents.AsNoTracking().Where(e => e.ProviderId == id && e.CreatedAt >= start)
            .OrderByDescending(e => e.CreatedAt).ThenByDescending(e => e.Id).Take(MostEvents).ToListAsync(cancellationToken);
        var probes = await db.ProviderProbes.AsNoTracking().Where(p => p.ProviderId == id)
            .OrderByDescending(p => p.At).Take(MostProbes).ToListAsync(cancellationToken);
        var details = ProviderAccess.SeesDetails(user, provider);
        return new ProviderHealthView
        {
            ProviderId = id,
            Health = state?.Health ?? ProviderHealth.Unknown,
            Reason = state?.Reason,
            Since = state?.Since,
            LastProbeAt = state?.LastProbeAt,
            LastProbeOk = state?.LastProbeOk,
            LastTrafficAt = state?.LastTrafficAt,
            Uptime = history.Of(id, state),
            Days = history.Days(id, days),
            Timeline = [.. events.Select(e => new HealthEventView(e.CreatedAt, e.Kind, e.From, e.To, e.Reason))],
            Probes = [.. probes.Select(p => ProbeResultView.Of(p, details))],
        };
    }

    private static int DaysOf(string? range) => range switch
    {
        "24h" => 1,
        null or "7d" => 7,
        "90d" => UptimeHistory.LongestDays,
        _ => throw Problems.Field("range", "not_allowed", $"must be one of {string.Join(", ", Ranges)}", new Dictionary<string, object?> { ["allowed"] = Ranges }),
    };
}
