using AIHigress.Gateway.Data;

namespace AIHigress.Gateway.Hosting.Snapshots;

/// <summary>
/// A part of the running state that is read from the database and swapped whole. All sources read inside one
/// transaction, and their swaps run one after the other only when every one of them has loaded.
/// </summary>
public interface ISnapshotSource
{
    /// <summary>Loads; returns the swap. Throws to leave the running state as it is.</summary>
    Task<Action> PrepareAsync(GatewayDbContext db, long version, CancellationToken cancellationToken);
}
