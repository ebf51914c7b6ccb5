using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Providers.Proxies;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Administration.Proxies.Jobs;

/// <summary>Sends a real request through proxies, and stores what came of it.</summary>
internal sealed class ProxyChecks(
    GatewayDbContext db, IProxyClient client, ProxySecrets secrets, ProxyPool pool, ChangeFeed feed, IOptionsMonitor<UpstreamProxyOptions> options, TimeProvider time)
{
    private const int MostAtOnce = 100;
    private const int MostPerTurn = 1000;

    /// <summary>What a person asked for: the proxies named at once, all others as soon as possible.</summary>
    /// <exception cref="ProblemException">404 for an unknown id, 409 when there is no address to check with.</exception>
    public async Task<ProxyCheckResult> AskAsync(Guid[]? ids, CancellationToken cancellationToken)
    {
        var config = await ProxyPoolConfig.ReadAsync(db.ProxyConfigs, cancellationToken);
        if (config.CheckUrl is null)
        {
            throw Problems.Conflict("conflict", "There is nothing to check with; set check_url in the pool's configuration first.");
        }

        if (ids is null)
        {
            var now = time.GetUtcNow();
            return new ProxyCheckResult([], await db.Proxies.Where(p => p.Enabled).ExecuteUpdateAsync(set => set.SetProperty(p => p.CheckDueAt, now), cancellationToken));
        }

        if (ids.Length is 0 or > MostAtOnce)
        {
            throw Problems.Field("ids", "out_of_range", $"must be 1 to {MostAtOnce} ids");
        }

        var rows = await db.Proxies.AsNoTracking().Where(p => ids.Contains(p.Id)).ToListAsync(cancellationToken);
        return rows.Count == ids.Distinct().Count()
            ? new ProxyCheckResult(await RunAsync(rows, config, cancellationToken), 0)
            : throw Problems.NotFound();
    }

    /// <summary>Checks what is due; the number of checks.</summary>
    public async Task<int> RunDueAsync(CancellationToken cancellationToken)
    {
        var config = await ProxyPoolConfig.ReadAsync(db.ProxyConfigs, cancellationToken);
        if (config is not { Enabled: true, CheckUrl: not null })
        {
            return 0;
        }

        var now = time.GetUtcNow();
        var rows = await db.Proxies.AsNoTracking().Where(p => p.Enabled && p.CheckDueAt <= now)
            .OrderBy(p => p.CheckDueAt).Take(MostPerTurn).ToListAsync(cancellationToken);
        await RunAsync(rows, config, cancellationToken);
        return rows.Count;
    }

    private async Task<IReadOnlyList<ProxyCheckView>> RunAsync(List<UpstreamProxy> rows, ProxyPoolConfig config, CancellationToken cancellationToken)
    {
        var results = new ProxyCheck[rows.Count];
        var remote = await db.ProxySources.Where(s => s.Kind == Sources.ProxySourceKind.Remote).Select(s => (Guid?)s.Id).ToListAsync(cancellationToken);
        var url = new Uri(config.CheckUrl!);
        var method = new HttpMethod(config.CheckMethod);
        await Parallel.ForAsync(0, rows.Count, new ParallelOptions { MaxDegreeOfParallelism = options.CurrentValue.CheckConcurrency, CancellationToken = cancellationToken },
            async (i, token) => results[i] = secrets.Route(rows[i], remote.Contains(rows[i].SourceId)) is { } route
                ? await client.CheckAsync(route, url, method, TimeSpan.FromMilliseconds(config.TimeoutMs), token)
                : new ProxyCheck(false, 0, "The password can't be decrypted; set it again."));
        await StoreAsync(rows, results, config, cancellationToken);
        return [.. rows.Select((row, i) => new ProxyCheckView(row.Id, results[i].Ok, results[i].Ms, results[i].Error))];
    }

    private async Task StoreAsync(List<UpstreamProxy> rows, ProxyCheck[] results, ProxyPoolConfig config, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var rest = config.Cooldown < config.Interval ? config.Cooldown : config.Interval;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var changed = false;
        for (var i = 0; i < rows.Count; i++)
        {
            var (row, result) = (rows[i], results[i]);
            var failures = result.Ok ? 0 : row.Failures + 1;
            DateTimeOffset? cooldown = result.Ok ? null : now + config.Cooldown;

            // A proxy whose address was changed meanwhile is another one.
            await db.Proxies.Where(p => p.Id == row.Id && p.Version == row.Version).ExecuteUpdateAsync(
                set => set.SetProperty(p => p.LastCheckAt, now)
                    .SetProperty(p => p.LastCheckMs, result.Ms)
                    .SetProperty(p => p.LastCheckOk, result.Ok)
                    .SetProperty(p => p.LastCheckError, result.Error)
                    .SetProperty(p => p.Failures, failures)
                    .SetProperty(p => p.CooldownUntil, cooldown)
                    .SetProperty(p => p.CheckDueAt, now + (result.Ok ? config.Interval : rest)),
                cancellationToken);
            changed |= row.LastCheckOk != result.Ok || row.CooldownUntil is not null || config.Strategy == ProxyStrategy.LeastLatency;
            if (!result.Ok)
            {
                pool.CountFailure("check");
            }
        }

        if (changed)
        {
            await ChangeFeed.RaiseAsync(db, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        if (changed)
        {
            feed.Signal();
        }
    }
}
