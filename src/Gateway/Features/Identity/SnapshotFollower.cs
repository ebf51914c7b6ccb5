using AIHigress.Gateway.Hosting.Snapshots;

namespace AIHigress.Gateway.Features.Identity;

/// <summary>
/// Lets an answer wait until this process acts on the change it reports: who gets a new key or token can use it at
/// once, and a session that was ended is over when the caller is told so.
/// </summary>
internal sealed partial class SnapshotFollower(IServiceProvider services, ILogger<SnapshotFollower> logger)
{
    // Asked for late: the refresher is given the identity source, which leads back here.
    private readonly Lazy<SnapshotRefresher> _refresher = new(services.GetRequiredService<SnapshotRefresher>);

    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _refresher.Value.RefreshAsync(force: false, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The change is committed; the refresher tries again, and the caller must not be told that it failed.
            ChangeActsLater(e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A committed change could not be read back at once; the snapshot follows later")]
    private partial void ChangeActsLater(Exception exception);
}
