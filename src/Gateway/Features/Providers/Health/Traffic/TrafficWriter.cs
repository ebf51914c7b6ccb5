using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Hosting.Cluster;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Providers.Health.Traffic;

/// <summary>Stores every few seconds what this process counted, where the prober of the cluster finds the counts of all replicas.</summary>
internal sealed partial class TrafficWriter(
    IServiceScopeFactory scopes, ProviderTraffic traffic, ReplicaName replica, TimeProvider time, ILogger<TrafficWriter> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private bool _uncertain;

    /// <summary>Stores what is not stored yet; the numbers of a minute replace those stored before.</summary>
    public async Task StoreAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await StoreUnstoredAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public override void Dispose()
    {
        _turn.Dispose();
        base.Dispose();
    }

    private async Task StoreUnstoredAsync(CancellationToken cancellationToken)
    {
        var slots = traffic.Unstored().ToList();
        if (slots.Count == 0)
        {
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDbContext>();
        if (_uncertain)
        {
            await ForgetAsync(db, slots, cancellationToken);
        }

        _uncertain = true;
        var written = new List<(MinuteCounts Slot, int Changes)>(slots.Count);
        foreach (var slot in slots)
        {
            var (row, changes) = slot.ToRow(replica.Process);
            db.Entry(row).State = slot.HasRow ? EntityState.Modified : EntityState.Added;
            written.Add((slot, changes));
        }

        await db.SaveChangesAsync(cancellationToken);
        written.ForEach(w => w.Slot.Stored(w.Changes));
        _uncertain = false;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.NextTurnAsync(stoppingToken))
        {
            try
            {
                await StoreAsync(stoppingToken);
            }
            catch (Exception e) when (e.IsOutage())
            {
                // The counts stay in memory for some minutes; a database that is away is reported by those who need it more.
                TrafficKept(e);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>After a write whose end is unknown: what it may have left goes, so that all rows can be added anew.</summary>
    private async Task ForgetAsync(GatewayDbContext db, List<MinuteCounts> slots, CancellationToken cancellationToken)
    {
        var process = replica.Process;
        foreach (var slot in slots)
        {
            await db.ProviderTraffic.Where(t => t.ProviderId == slot.ProviderId && t.Minute == slot.Minute && t.Replica == process)
                .ExecuteDeleteAsync(cancellationToken);
            slot.HasRow = false;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The providers' traffic could not be stored; trying again")]
    private partial void TrafficKept(Exception exception);
}
