using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Data;

/// <summary>
/// How every change is committed: the tracked entities, their audit entries and the raised change counter in one
/// transaction, then the signal that makes this process load its snapshots anew.
/// </summary>
public sealed class ChangeWriter(AuditWriter audit, ChangeFeed feed)
{
    /// <summary>Saves what <paramref name="db"/> tracks. Joins a transaction that the caller began, and then leaves commit and <see cref="ChangeFeed.Signal"/> to the caller.</summary>
    /// <exception cref="DbUpdateException">A unique rule or a concurrency token refused; nothing was written.</exception>
    public async Task SaveAsync(GatewayDbContext db, Actor actor, IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken)
    {
        if (db.Database.CurrentTransaction is not null)
        {
            await WriteAsync(db, actor, events, cancellationToken);
            return;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await WriteAsync(db, actor, events, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        feed.Signal();
    }

    private async Task WriteAsync(GatewayDbContext db, Actor actor, IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken)
    {
        await db.SaveChangesAsync(cancellationToken);
        await audit.AppendAsync(db, actor, events, cancellationToken);
        await ChangeFeed.RaiseAsync(db, cancellationToken);
    }
}
