using AIHigress.Gateway.Data;
using AIHigress.Gateway.Hosting.Snapshots;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Providers.Health;

/// <summary>Brings the stored health to the board that planning reads.</summary>
internal sealed class HealthSource(ProviderHealthBoard board) : ISnapshotSource
{
    public async Task<Action> PrepareAsync(GatewayDbContext db, long version, CancellationToken cancellationToken)
    {
        var health = await db.ProviderHealth.AsNoTracking().Where(h => h.Health != ProviderHealth.Unknown)
            .ToDictionaryAsync(h => h.ProviderId, h => h.Health, StringComparer.Ordinal, cancellationToken);
        return () => board.Publish(health);
    }
}
