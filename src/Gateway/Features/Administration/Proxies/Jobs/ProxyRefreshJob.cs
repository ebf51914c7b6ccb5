using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Administration.Proxies.Sources;
using AIHigress.Gateway.Features.Providers.Proxies;
using AIHigress.Gateway.Hosting.Cluster;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Administration.Proxies.Jobs;

/// <summary>Reads the remote lists that are due, in one process of the cluster.</summary>
internal sealed partial class ProxyRefreshJob(
    IServiceScopeFactory scopes, ILeadership leadership, IOptionsMonitor<UpstreamProxyOptions> options, TimeProvider time, ILogger<ProxyRefreshJob> logger)
    : BackgroundService
{
    public const string Name = "proxy-refresh";
    private const int MostPerTurn = 50;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await time.NextTurnAsync(TimeSpan.FromSeconds(options.CurrentValue.RefreshSchedulerSeconds), stoppingToken))
        {
            try
            {
                if (leadership.Leads(Name))
                {
                    await RunDueAsync(stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e.IsOutage())
            {
                // What is due stays due until the database is back.
                RefreshPostponed(e);
            }
        }
    }

    private async Task RunDueAsync(CancellationToken cancellationToken)
    {
        foreach (var id in await DueAsync(cancellationToken))
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<GatewayDbContext>();
            var source = await db.ProxySources.SingleOrDefaultAsync(s => s.Id == id, cancellationToken);
            if (source is not null && !await scope.ServiceProvider.GetRequiredService<ProxySourceRefresh>().RunAsync(source, cancellationToken))
            {
                ListNotRead(source.Name, source.LastRefreshError);
            }
        }
    }

    private async Task<List<Guid>> DueAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDbContext>();
        var now = time.GetUtcNow();
        return await db.ProxySources.Where(s => s.Enabled && s.Kind == ProxySourceKind.Remote && s.RefreshDueAt <= now)
            .OrderBy(s => s.RefreshDueAt).Select(s => s.Id).Take(MostPerTurn).ToListAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The proxy list '{Source}' could not be read: {Error}")]
    private partial void ListNotRead(string source, string? error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Proxy lists could not be read; trying again")]
    private partial void RefreshPostponed(Exception exception);
}
