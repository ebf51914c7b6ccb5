using AIHigress.Gateway.Data;
using AIHigress.Gateway.Hosting;
using AIHigress.Wire.OpenAI.Responses.Stored;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Responses.Background;

/// <summary>
/// The rows of responses that run in the background. Each has one owner, whose lease it renews; every change of state is one statement
/// that asks for the state before, so that of two who end a response (run, cancel, upkeep) one wins and the other notices.
/// </summary>
public sealed class BackgroundResponses(
    ResponseDatabase database, ResponseStore store, ResponseCipher cipher, ResponseEventStore events, TimeProvider time, IOptions<ServerOptions> server)
{
    /// <summary>How long after its owner's last sign of life a response counts as abandoned.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);

    /// <summary>This process: a start after a crash must not take the dead one's responses for its own.</summary>
    public string Owner { get; } = $"{server.Value.ReplicaId}/{Guid.NewGuid():N}";

    public Task QueueAsync(KeptResponse response, CancellationToken cancellationToken)
    {
        var row = store.ToRow(response);
        (row.Owner, row.LeaseUntil) = (Owner, time.GetUtcNow() + Lease);
        return database.RunAsync(db =>
        {
            db.Responses.Add(row);
            return db.SaveChangesAsync(cancellationToken);
        });
    }

    /// <summary>From queued to running; false when it was ended meanwhile.</summary>
    public Task<bool> BeginAsync(Guid userId, string id, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var sealedBody = cipher.Seal(body.Span);
        return database.RunAsync(async db => await Running(db, userId, id).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.State, ResponseState.InProgress).SetProperty(r => r.Body, sealedBody), cancellationToken) > 0);
    }

    /// <summary>Renews the lease; false when somebody ended the response: whoever runs it must stop.</summary>
    public Task<bool> RenewAsync(Guid userId, string id, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + Lease;
        return database.RunAsync(async db =>
            await Running(db, userId, id).ExecuteUpdateAsync(set => set.SetProperty(r => r.LeaseUntil, until), cancellationToken) > 0);
    }

    /// <summary>Ends a running response as cancelled; false when it had ended before.</summary>
    public Task<bool> CancelAsync(Guid userId, string id, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var sealedBody = cipher.Seal(body.Span);
        return database.RunAsync(async db => await Running(db, userId, id).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.State, ResponseState.Cancelled).SetProperty(r => r.Body, sealedBody), cancellationToken) > 0);
    }

    /// <summary>
    /// The end of a run, with its last events. A response that was ended by somebody else keeps that end, but its events become complete.
    /// </summary>
    public Task FinishAsync(KeptResponse response, long first, IReadOnlyList<byte[]> last, CancellationToken cancellationToken)
    {
        var (output, body) = (store.Seal(response.Output), cipher.Seal(response.Body.Span));
        return database.RunAsync(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await Running(db, response.UserId, response.Id).ExecuteUpdateAsync(
                set => set.SetProperty(r => r.State, response.State)
                    .SetProperty(r => r.Output, output)
                    .SetProperty(r => r.Body, body)
                    .SetProperty(r => r.ProviderId, response.ProviderId)
                    .SetProperty(r => r.ProviderKeyId, response.ProviderKeyId),
                cancellationToken);
            var left = await db.Responses.Where(r => r.UserId == response.UserId && r.Id == response.Id && r.Owner == Owner)
                .ExecuteUpdateAsync(Released(), cancellationToken);
            if (left > 0 && last.Count > 0)
            {
                await events.AddAsync(db, response.UserId, response.Id, first, last, cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
            return left;
        });
    }

    /// <summary>Fails running responses whose owner gave no sign of life, or (<paramref name="all"/>) that are not this process's.</summary>
    /// <returns>How many.</returns>
    public Task<int> FailAbandonedAsync(bool all, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return database.RunAsync(async db =>
        {
            var rows = await db.Responses.AsNoTracking()
                .Where(r => r.LeaseUntil != null && (r.LeaseUntil < now || (all && r.Owner != Owner)))
                .Select(r => new { r.UserId, r.Id, r.LeaseUntil }).Take(100).ToListAsync(cancellationToken);
            foreach (var row in rows)
            {
                await FailAsync(db, row.UserId, row.Id, row.LeaseUntil, cancellationToken);
            }

            return rows.Count;
        });
    }

    /// <summary>Removes what has expired.</summary>
    public Task<int> RemoveExpiredAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return database.RunAsync(db => db.Responses.Where(r => r.ExpiresAt <= now && r.LeaseUntil == null).ExecuteDeleteAsync(cancellationToken));
    }

    private async Task FailAsync(GatewayDbContext db, Guid userId, string id, DateTimeOffset? lease, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);

        // Whoever clears the lease does the rest: other replicas look at the same time.
        var won = await db.Responses.Where(r => r.UserId == userId && r.Id == id && r.LeaseUntil == lease).ExecuteUpdateAsync(
            Released(), cancellationToken);
        if (won == 0 || await store.FindAsync(db, userId, id, cancellationToken) is not { } response)
        {
            await transaction.CommitAsync(cancellationToken);
            return;
        }

        var body = response.Body;
        if (!response.IsOver)
        {
            body = ResponseEnds.Failed(response.Body, "server_error", "The server that ran this response ended before it was done. Send the request again.");
            var sealedBody = cipher.Seal(body.Span);
            await Running(db, userId, id).ExecuteUpdateAsync(
                set => set.SetProperty(r => r.State, ResponseState.Failed).SetProperty(r => r.Body, sealedBody), cancellationToken);
        }

        var next = await db.ResponseEvents.Where(e => e.UserId == userId && e.ResponseId == id).MaxAsync(e => (long?)e.Last, cancellationToken) + 1 ?? 0;
        var type = response.State == ResponseState.Cancelled ? "response.cancelled" : "response.failed";
        await events.AddAsync(db, userId, id, next, [ResponseEvent.Of(type, next, body.Span).Bytes], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static Action<UpdateSettersBuilder<StoredResponse>> Released() => set => set
        .SetProperty(r => r.Owner, (string?)null)
        .SetProperty(r => r.LeaseUntil, (DateTimeOffset?)null)
        .SetProperty(r => r.EventsComplete, true);

    private static IQueryable<StoredResponse> Running(GatewayDbContext db, Guid userId, string id) =>
        db.Responses.Where(r => r.UserId == userId && r.Id == id && (r.State == ResponseState.Queued || r.State == ResponseState.InProgress));
}
