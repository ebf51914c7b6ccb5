using AIHigress.Gateway.Common;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Data;

/// <summary>
/// Tells this process and the other replicas that committed data changed. Call <see cref="RaiseAsync"/> inside the
/// changing transaction and <see cref="Signal"/> after its commit; replicas that miss the signal see the counter move.
/// </summary>
public sealed class ChangeFeed
{
    private readonly WakeUp _wakeUp = new();

    /// <summary>Raises the stored counter within the current transaction of <paramref name="db"/>.</summary>
    public static async Task RaiseAsync(GatewayDbContext db, CancellationToken cancellationToken)
    {
        const string sql = """
            INSERT INTO change_versions (name, version) VALUES ({0}, 1)
            ON CONFLICT (name) DO UPDATE SET version = change_versions.version + 1
            """;
        await db.Database.ExecuteSqlRawAsync(sql, [ChangeVersion.Snapshots], cancellationToken);
    }

    /// <summary>Called at each <see cref="Signal"/>: tells the other replicas. Must be quick.</summary>
    public Action? Signaled { get; set; }

    /// <summary>A change was committed here: wakes the snapshot refresher of this process and tells the other replicas.</summary>
    public void Signal()
    {
        Wake();
        Signaled?.Invoke();
    }

    /// <summary>Wakes the snapshot refresher of this process: another replica committed a change, or may have.</summary>
    public void Wake() => _wakeUp.Wake();

    /// <summary>Waits for a signal or for the poll interval, whichever comes first; coalesces waiting signals.</summary>
    public Task WaitAsync(TimeSpan poll, TimeProvider time, CancellationToken cancellationToken) => _wakeUp.WaitAsync(poll, time, cancellationToken);
}
