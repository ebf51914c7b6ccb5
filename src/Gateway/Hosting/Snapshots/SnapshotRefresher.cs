using AIHigress.Gateway.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AIHigress.Gateway.Hosting.Snapshots;

/// <summary>
/// Keeps the running state equal to the database: all sources read in one transaction, then all swap. Wakes on a change
/// made here, and looks every five seconds for changes made by other replicas. A database that is down changes nothing.
/// </summary>
internal sealed partial class SnapshotRefresher(
    IServiceScopeFactory scopes, IEnumerable<ISnapshotSource> sources, ChangeFeed feed, TimeProvider time, ILogger<SnapshotRefresher> logger) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _version = -1;
    private volatile bool _failing;

    /// <summary>True once every source has loaded; stays true when the database is lost later.</summary>
    public bool IsLoaded => Version >= 0;

    /// <summary>The change version that the running state was read at; -1 before the first load.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>False while the last look at the database failed.</summary>
    public bool IsDatabaseReachable => !_failing;

    /// <summary>Loads now when the stored version differs from the running one, or in any case when <paramref name="force"/>.</summary>
    public async Task RefreshAsync(bool force, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<GatewayDbContext>();
            await using var transaction = await BeginReadAsync(db, cancellationToken);
            var stored = await db.ChangeVersions.AsNoTracking()
                .Where(v => v.Name == ChangeVersion.Snapshots)
                .Select(v => (long?)v.Version)
                .SingleOrDefaultAsync(cancellationToken) ?? 0;
            if (stored != Version || force)
            {
                var swaps = new List<Action>();
                foreach (var source in sources)
                {
                    swaps.Add(await source.PrepareAsync(db, stored, cancellationToken));
                }

                swaps.ForEach(swap => swap());
                Interlocked.Exchange(ref _version, stored);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await feed.WaitAsync(_failing ? RetryDelay : Poll, time, stoppingToken);
                await RefreshAsync(force: false, stoppingToken);
                if (_failing)
                {
                    _failing = false;
                    SnapshotsFollowAgain(Version);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever went wrong, the requests being served must keep the state that works.
                if (!_failing)
                {
                    SnapshotsStay(Version, e);
                }

                _failing = true;
            }
        }
    }

    /// <summary>One consistent view over all the sources' reads, without taking the write lock.</summary>
    private static async Task<IDbContextTransaction> BeginReadAsync(GatewayDbContext db, CancellationToken cancellationToken)
    {
        if (db.Database.GetDbConnection() is not SqliteConnection sqlite)
        {
            return await db.Database.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        }

        // EF's own transactions on SQLite are immediate ones, which would queue behind every writer.
        await db.Database.OpenConnectionAsync(cancellationToken);
        return (await db.Database.UseTransactionAsync(sqlite.BeginTransaction(deferred: true), cancellationToken))!;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The configuration could not be read; serving goes on with version {Version}")]
    private partial void SnapshotsStay(long version, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "The configuration is followed again, version {Version}")]
    private partial void SnapshotsFollowAgain(long version);
}
