using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Providers.Proxies;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Administration.Proxies.Sources;

/// <summary>Makes the proxies of a list equal to its text; the caller saves.</summary>
internal sealed class ProxySourceSync(GatewayDbContext db, ProxySecrets secrets, TimeProvider time)
{
    public async Task<ProxyRefreshResult> ApplyAsync(ProxySource source, string text, CancellationToken cancellationToken)
    {
        var read = ProxyLines.Read(text, source.Scheme);
        var now = time.GetUtcNow();
        var mine = (await db.Proxies.Where(p => p.SourceId == source.Id).ToListAsync(cancellationToken)).ToDictionary(ProxyKey.Of);
        var known = await ProxyImport.KnownAsync(db, cancellationToken);
        var (added, removed) = (0, 0);
        foreach (var proxy in read.Proxies)
        {
            if (mine.Remove(ProxyKey.Of(proxy), out var row))
            {
                if (secrets.Route(row, fromRemoteList: false)?.Password != proxy.Password)
                {
                    row.Password = secrets.Protect(proxy.Password);
                    row.UpdatedAt = now;
                    row.CheckDueAt = now;
                    row.Version++;
                }
            }
            else if (!known.Contains(ProxyKey.Of(proxy)))
            {
                db.Proxies.Add(ProxyImport.Row(proxy, source.Id, secrets, now));
                added++;
            }
        }

        // A list that has become empty is more likely broken than meant.
        if (read.Proxies.Count > 0 || source.Kind == ProxySourceKind.Static)
        {
            removed = await RemoveAsync([.. mine.Values], cancellationToken);
        }

        var before = known.Count == 0 ? 0 : await db.Proxies.CountAsync(p => p.SourceId == source.Id, cancellationToken);
        return new ProxyRefreshResult(added, removed, before + added - removed, read.Faults);
    }

    private async Task<int> RemoveAsync(List<UpstreamProxy> gone, CancellationToken cancellationToken)
    {
        if (gone.Count == 0)
        {
            return 0;
        }

        var named = await db.Providers.Where(p => p.DeletedAt == null && p.Proxy.Length == 36).Select(p => p.Proxy).ToHashSetAsync(cancellationToken);
        var removed = gone.FindAll(p => !named.Contains(p.Id.ToString()));
        db.Proxies.RemoveRange(removed);
        return removed.Count;
    }
}
