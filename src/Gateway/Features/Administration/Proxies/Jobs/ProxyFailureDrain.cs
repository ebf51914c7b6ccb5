using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Providers.Proxies;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Administration.Proxies.Jobs;

/// <summary>
/// Stores the failures that this process's traffic met, so that people see them and the next check looks there first.
/// Other replicas are not told: each finds out in one try, and what a check finds reaches all.
/// </summary>
internal sealed partial class ProxyFailureDrain(IServiceScopeFactory scopes, ProxyPool pool, TimeProvider time, ILogger<ProxyFailureDrain> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await time.NextTurnAsync(Period, stoppingToken))
        {
            if (pool.TakeFailures() is { Count: > 0 } failures)
            {
                await StoreAsync(failures, stoppingToken);
            }
        }
    }

    private async Task StoreAsync(IReadOnlyList<(Guid Id, int Failures, DateTimeOffset CooldownUntil)> failures, CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<GatewayDbContext>();
            var now = time.GetUtcNow();
            foreach (var (id, count, until) in failures)
            {
                await db.Proxies.Where(p => p.Id == id).ExecuteUpdateAsync(
                    set => set.SetProperty(p => p.Failures, p => p.Failures + count).SetProperty(p => p.CooldownUntil, until).SetProperty(p => p.CheckDueAt, now),
                    cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The counts of the last seconds are for people only.
        }
        catch (Exception e) when (e.IsOutage())
        {
            FailuresNotStored(e);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Failures of proxies could not be stored")]
    private partial void FailuresNotStored(Exception exception);
}
