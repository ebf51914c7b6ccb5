using System.Linq.Expressions;
using AIHigress.Gateway.Data;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Identity.Sessions;

/// <summary>Ends sessions; their access tokens stop with the next snapshot, which the caller waits for.</summary>
internal sealed class SessionEnd(GatewayDbContext db, ChangeWriter changes, ChangeFeed feed, SnapshotFollower follower, TimeProvider time)
{
    public const string SignedOut = "signed_out";
    public const string Revoked = "revoked";
    public const string PasswordChanged = "password_changed";
    public const string Reused = "refresh_reuse";

    /// <returns>How many were alive and are ended now.</returns>
    public async Task<int> RunAsync(Expression<Func<Session, bool>> which, string reason, Actor actor, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var events = await MarkAsync(db, which, reason, time.GetUtcNow(), cancellationToken);
        if (events.Count == 0)
        {
            return 0;
        }

        await changes.SaveAsync(db, actor, events, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        feed.Signal();
        await follower.FollowAsync(cancellationToken);
        return events.Count;
    }

    /// <summary>Marks the living ones among <paramref name="which"/> as ended, within the caller's transaction.</summary>
    /// <returns>The audit events of those that were.</returns>
    public static async Task<List<AuditEvent>> MarkAsync(
        GatewayDbContext db, Expression<Func<Session, bool>> which, string reason, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ids = await db.Sessions.AsNoTracking()
            .Where(which)
            .Where(s => s.EndedAt == null && s.ExpiresAt > now)
            .Select(s => s.Id)
            .ToListAsync(cancellationToken);
        var events = new List<AuditEvent>();
        foreach (var id in ids)
        {
            // Guarded: of two that end the same session, one does, and one entry tells of it.
            var ended = await db.Sessions
                .Where(s => s.Id == id && s.EndedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now).SetProperty(s => s.EndReason, reason), cancellationToken);
            if (ended == 1)
            {
                events.Add(new AuditEvent("session.ended", $"session:{id}", $$"""{"reason":[null,"{{reason}}"]}"""));
            }
        }

        return events;
    }
}
