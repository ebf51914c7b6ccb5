using System.Collections.Concurrent;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Hosting.Cluster;

/// <summary>
/// Takes and renews the leases of this cluster's jobs by compare-and-swap of their rows, three times per lease. A lease counts from
/// before the write that won it, so this process stops leading before another can begin.
/// </summary>
internal sealed partial class LeaseKeeper(
    IServiceScopeFactory scopes,
    IEnumerable<ClusterJob> jobs,
    ReplicaName replica,
    IOptions<ClusterOptions> options,
    TimeProvider time,
    ILogger<LeaseKeeper> logger) : BackgroundService, ILeadership
{
    private readonly string[] _jobs = [.. jobs.Select(j => j.Name).Distinct(StringComparer.Ordinal)];
    private readonly ConcurrentDictionary<string, Held> _held = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Seen> _seen = new(StringComparer.Ordinal);

    private TimeSpan Length => TimeSpan.FromSeconds(options.Value.LeaseSeconds);

    public bool Leads(string job) => _held.TryGetValue(job, out var held) && time.GetElapsedTime(held.At) < Length;

    /// <summary>One look at every job: renews what is held, takes what is free or dead.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDbContext>();
        foreach (var job in _jobs)
        {
            var before = Leads(job);
            await LookAsync(db, job, cancellationToken);
            if (Leads(job) != before)
            {
                Changed(job, before);
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await GiveBackAsync(cancellationToken);
        }
        catch (Exception e) when (e.IsOutage())
        {
            // The lease runs out by itself.
            LeasesUnreachable(e);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        do
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception e) when (e.IsOutage())
            {
                // Without the database there is nothing to lead for; what is held runs out by itself.
                LeasesUnreachable(e);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
        while (await time.NextTurnAsync(Length / 3, stoppingToken));
    }

    private async Task LookAsync(GatewayDbContext db, string job, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var lease = await db.Leases.AsNoTracking().SingleOrDefaultAsync(l => l.Name == job, cancellationToken);
        lease ??= await FirstAsync(db, job, cancellationToken);
        if (!MayTake(lease, start))
        {
            _held.TryRemove(job, out _);
            return;
        }

        var (mine, now) = (replica.Process, time.GetUtcNow());
        var won = await db.Leases.Where(l => l.Name == job && l.Term == lease.Term).ExecuteUpdateAsync(
            set => set.SetProperty(l => l.Holder, mine).SetProperty(l => l.Term, lease.Term + 1).SetProperty(l => l.RenewedAt, now), cancellationToken);
        if (won == 1)
        {
            _held[job] = new Held(start);
        }
        else
        {
            _held.TryRemove(job, out _);
        }
    }

    private async Task<Lease> FirstAsync(GatewayDbContext db, string job, CancellationToken cancellationToken)
    {
        var lease = new Lease { Name = job, RenewedAt = time.GetUtcNow() };
        db.Leases.Add(lease);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // Another replica began in the same moment.
            lease = await db.Leases.AsNoTracking().SingleAsync(l => l.Name == job, cancellationToken);
        }

        db.ChangeTracker.Clear();
        return lease;
    }

    /// <summary>Mine, given back, or standing still for longer than its holder may believe in it.</summary>
    private bool MayTake(Lease lease, long now)
    {
        if (lease.Holder is null || lease.Holder == replica.Process)
        {
            return true;
        }

        if (_seen.TryGetValue(lease.Name, out var seen) && seen.Term == lease.Term)
        {
            return time.GetElapsedTime(seen.At, now) >= Length;
        }

        _seen[lease.Name] = new Seen(lease.Term, now);
        return false;
    }

    private async Task GiveBackAsync(CancellationToken cancellationToken)
    {
        var mine = replica.Process;
        if (_held.IsEmpty)
        {
            return;
        }

        _held.Clear();
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<GatewayDbContext>().Leases.Where(l => l.Holder == mine)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.Holder, (string?)null).SetProperty(l => l.Term, l => l.Term + 1), cancellationToken);
    }

    private void Changed(string job, bool led)
    {
        if (led)
        {
            LeadershipLost(job);
        }
        else
        {
            LeadershipTaken(job);
        }
    }

    private sealed record Held(long At);

    private sealed record Seen(long Term, long At);

    [LoggerMessage(Level = LogLevel.Debug, Message = "This replica does the job {Job} of the cluster now")]
    private partial void LeadershipTaken(string job);

    [LoggerMessage(Level = LogLevel.Warning, Message = "This replica no longer does the job {Job} of the cluster")]
    private partial void LeadershipLost(string job);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The leases of the cluster's jobs could not be read or renewed")]
    private partial void LeasesUnreachable(Exception exception);
}
