using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Administration.Proxies.Sources;
using AIHigress.Gateway.Features.Providers.Proxies;
using AIHigress.Gateway.Hosting.Snapshots;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Administration.Proxies;

/// <summary>Reads the enabled proxies and the pool's rules, and hands them to the data plane.</summary>
internal sealed class ProxySnapshot(ProxyPool pool, ProxySecrets secrets) : ISnapshotSource
{
    public async Task<Action> PrepareAsync(GatewayDbContext db, long version, CancellationToken cancellationToken)
    {
        var config = await ProxyPoolConfig.ReadAsync(db.ProxyConfigs, cancellationToken);
        var sources = await db.ProxySources.AsNoTracking().Select(s => new { s.Id, s.Kind, s.Enabled }).ToListAsync(cancellationToken);
        var off = sources.Where(s => !s.Enabled).Select(s => (Guid?)s.Id).ToHashSet();
        var remote = sources.Where(s => s.Kind == ProxySourceKind.Remote).Select(s => (Guid?)s.Id).ToHashSet();
        var rows = await db.Proxies.AsNoTracking().Where(p => p.Enabled).OrderBy(p => p.Id).ToListAsync(cancellationToken);
        var entries = new List<ProxyEntry>(rows.Count);
        foreach (var row in rows.Where(r => !off.Contains(r.SourceId)))
        {
            if (secrets.Route(row, remote.Contains(row.SourceId)) is { } route)
            {
                entries.Add(new ProxyEntry(route, row.LastCheckOk, row.LastCheckMs, row.LastCheckAt, row.CooldownUntil));
            }
        }

        var settings = new ProxyPoolSettings(config.Enabled, config.Strategy, config.CheckUrl is not null, config.Cooldown);
        return () =>
        {
            pool.Publish(settings, entries);
            secrets.Keep(rows);
        };
    }
}
