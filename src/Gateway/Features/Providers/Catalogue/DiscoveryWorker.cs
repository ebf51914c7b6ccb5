using AIHigress.Gateway.Data;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Providers.Catalogue;

/// <summary>Asks due providers for their models, five at a time. Due is a column: whoever moves it forward does the work, so replicas share it.</summary>
internal sealed partial class DiscoveryWorker(
    IServiceScopeFactory scopes, DiscoverySignal signal, TimeProvider time, ILogger<DiscoveryWorker> logger) : BackgroundService
{
    private const int AtOnce = 5;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);
    private static readonly Actor Actor = new(null, "discovery");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunDueAsync(stoppingToken);
                await signal.WaitAsync(Poll, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The database may be away for a while; model lists must not take the process down with it.
                DiscoveryPostponed(e);
                await Task.Delay(Poll, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RunDueAsync(CancellationToken cancellationToken)
    {
        var due = await DueAsync(cancellationToken);
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, RunOneAsync);
    }

    private async Task<List<string>> DueAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDbContext>();
        var now = time.GetUtcNow();
        return await db.Providers
            .Where(p => p.DeletedAt == null && p.Discovery == ModelDiscovery.Auto && p.OperationStatus != OperationStatus.Offline && p.DiscoveryDueAt <= now)
            .OrderBy(p => p.DiscoveryDueAt).Select(p => p.Id).Take(200).ToListAsync(cancellationToken);
    }

    private async ValueTask RunOneAsync(string id, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDbContext>();
        var now = time.GetUtcNow();
        var mine = await db.Providers.Where(p => p.Id == id && p.DiscoveryDueAt <= now)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.DiscoveryDueAt, now + Lease), cancellationToken);
        if (mine == 0)
        {
            return;
        }

        try
        {
            var counts = await scope.ServiceProvider.GetRequiredService<ModelDiscoverer>().RunAsync(id, Actor, cancellationToken);
            ModelsDiscovered(id, counts.Added, counts.Updated, counts.Missing);
        }
        catch (ProviderCallException e)
        {
            DiscoveryFailed(id, e.Message);
        }
        catch (DbUpdateException e)
        {
            // The provider was changed or deleted meanwhile; the lease brings it back if it is still there.
            DiscoveryOvertaken(e, id);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Provider {Provider} told its models: {Added} new, {Back} back, {Missing} missing")]
    private partial void ModelsDiscovered(string provider, int added, int back, int missing);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Provider {Provider} did not tell its models: {Error}")]
    private partial void DiscoveryFailed(string provider, string error);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The models of provider {Provider} changed while it was asked")]
    private partial void DiscoveryOvertaken(Exception exception, string provider);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Looking for providers to ask for their models failed; trying again")]
    private partial void DiscoveryPostponed(Exception exception);
}
