using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Providers.Proxies;
using AIHigress.Gateway.Hosting.Cluster;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Administration.Proxies.Jobs;

/// <summary>Checks the proxies that are due, in one process of the cluster.</summary>
internal sealed partial class ProxyCheckJob(
    IServiceScopeFactory scopes, ILeadership leadership, ProxyCheckSignal signal, IOptionsMonitor<UpstreamProxyOptions> options, TimeProvider time, ILogger<ProxyCheckJob> logger)
    : BackgroundService
{
    public const string Name = "proxy-check";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await signal.WaitAsync(TimeSpan.FromSeconds(options.CurrentValue.CheckSchedulerSeconds), time, stoppingToken);
                if (leadership.Leads(Name))
                {
                    await using var scope = scopes.CreateAsyncScope();
                    var count = await scope.ServiceProvider.GetRequiredService<ProxyChecks>().RunDueAsync(stoppingToken);
                    if (count > 0)
                    {
                        ProxiesChecked(count);
                    }
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e.IsOutage())
            {
                // What is due stays due until the database is back.
                ChecksPostponed(e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Count} proxies were checked")]
    private partial void ProxiesChecked(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Proxies could not be checked; trying again")]
    private partial void ChecksPostponed(Exception exception);
}
