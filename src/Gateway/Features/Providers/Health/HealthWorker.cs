using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Providers.Health.Traffic;
using AIHigress.Gateway.Hosting.Cluster;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Providers.Health;

/// <summary>The job provider-probe: looks at all providers every tick, on the one replica that leads it.</summary>
internal sealed partial class HealthWorker(
    IServiceScopeFactory scopes, ILeadership leadership, IOptions<ProvidersOptions> options, TimeProvider time, ILogger<HealthWorker> logger) : BackgroundService
{
    public const string Job = "provider-probe";

    /// <summary>What a tick does on the leader.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using (var scope = scopes.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<HealthRound>().RunAsync(cancellationToken);
        }

        await using var minute = scopes.CreateAsyncScope();
        await RunMinuteAsync(minute.ServiceProvider, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.HealthTickSeconds), time);
        try
        {
            while (await timer.NextTurnAsync(stoppingToken))
            {
                await TickAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task TickAsync(CancellationToken stoppingToken)
    {
        if (!leadership.Leads(Job))
        {
            return;
        }

        try
        {
            await RunAsync(stoppingToken);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            // The database may be away for a while, and whatever else goes wrong with one provider must not end the server: the health that is known stays.
            LookFailed(e);
        }
    }

    /// <summary>Once a minute in the whole cluster: who moves the job's progress forward counts that minute.</summary>
    private async Task RunMinuteAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var db = services.GetRequiredService<GatewayDbContext>();
        var minute = time.GetUtcNow().ToUnixTimeSeconds() / 60;
        var mine = await db.Leases.Where(l => l.Name == Job && l.Progress < minute)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.Progress, minute), cancellationToken);
        if (mine == 0)
        {
            return;
        }

        var uptime = services.GetRequiredService<Uptime>();
        await uptime.CountAsync(cancellationToken);
        await services.GetRequiredService<TrafficFold>().RunAsync(cancellationToken);
        if (minute % 60 == 0)
        {
            await uptime.ForgetAsync(cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The providers' health could not be looked at; trying again")]
    private partial void LookFailed(Exception exception);
}
