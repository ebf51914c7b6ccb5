using AIHigress.Gateway.Data;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Providers.Health;

/// <summary>Counts this minute for every provider, in one statement.</summary>
internal sealed class Uptime(GatewayDbContext db, TimeProvider time)
{
    private const int KeptDays = 400;

    private const string CountMinute = """
        INSERT INTO provider_uptime (provider_id, day, up, degraded, down, unseen)
        SELECT p.id, {0},
            CASE WHEN h.health = {1} THEN 1 ELSE 0 END,
            CASE WHEN h.health = {2} THEN 1 ELSE 0 END,
            CASE WHEN h.health = {3} THEN 1 ELSE 0 END,
            CASE WHEN h.health = {4} THEN 1 ELSE 0 END
        FROM providers p JOIN provider_health h ON h.provider_id = p.id
        WHERE p.deleted_at IS NULL
        ON CONFLICT (provider_id, day) DO UPDATE SET
            up = provider_uptime.up + excluded.up,
            degraded = provider_uptime.degraded + excluded.degraded,
            down = provider_uptime.down + excluded.down,
            unseen = provider_uptime.unseen + excluded.unseen
        """;

    public async Task CountAsync(CancellationToken cancellationToken)
    {
        var day = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        await db.Database.ExecuteSqlRawAsync(
            CountMinute,
            [day, nameof(ProviderHealth.Healthy), nameof(ProviderHealth.Degraded), nameof(ProviderHealth.Down), nameof(ProviderHealth.Unknown)],
            cancellationToken);
    }

    /// <summary>Days and events of more than a year ago go.</summary>
    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        var oldest = time.GetUtcNow().AddDays(-KeptDays);
        var day = DateOnly.FromDateTime(oldest.UtcDateTime);
        await db.ProviderUptime.Where(u => u.Day < day).ExecuteDeleteAsync(cancellationToken);
        await db.ProviderEvents.Where(e => e.CreatedAt < oldest).ExecuteDeleteAsync(cancellationToken);
    }
}
