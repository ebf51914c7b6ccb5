using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Data;

/// <summary>
/// Tells this process and the other replicas that committed data changed. Call <see cref="RaiseAsync"/> inside the
/// changing transaction and <see cref="Signal"/> after its commit; replicas that miss the signal see the counter move.
/// </summary>
public sealed class ChangeFeed
{
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

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
    public void Wake() => _signal.Writer.TryWrite(true);

    /// <summary>Waits for a signal or for the poll interval, whichever comes first; coalesces waiting signals.</summary>
    public async Task WaitAsync(TimeSpan poll, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(poll, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await _signal.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The poll interval is over: the caller compares the stored counter.
        }
    }
}
