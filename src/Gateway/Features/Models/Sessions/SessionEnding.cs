using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Hosting.Errors;

namespace AIHigress.Gateway.Features.Models.Sessions;

/// <summary>Ends sessions and looks into those of others; both leave an audit entry.</summary>
internal sealed class SessionEnding(IRoutingSessions sessions, GatewayDbContext db, AuditWriter audit)
{
    private const int Batch = 500;

    public async Task RemoveAsync(RoutingSession session, CurrentUser user, CancellationToken cancellationToken)
    {
        await ForgetAsync([session]);
        await NoteAsync(user, new AuditEvent("routing_session.deleted", Target(session), Whose(session)), cancellationToken);
    }

    /// <summary>How many there were.</summary>
    public async Task<int> PurgeAsync(PurgeSessions input, CurrentUser user, CancellationToken cancellationToken)
    {
        var removed = 0;
        var some = new List<RoutingSession>(Batch);
        await foreach (var session in sessions.NewestFirstAsync(input.User, null, cancellationToken))
        {
            if (input.Fits(session))
            {
                some.Add(session);
            }

            if (some.Count == Batch)
            {
                await ForgetAsync(some);
                removed += some.Count;
                some.Clear();
            }
        }

        await ForgetAsync(some);
        removed += some.Count;
        var diff = new AuditDiff().Add("provider", null, input.Provider).Add("model", null, input.Model).Add("user", null, input.User).Add("removed", 0, removed);
        await NoteAsync(user, new AuditEvent("routing_sessions.purged", "routing_sessions", diff.Text), cancellationToken);
        return removed;
    }

    /// <summary>Before the conversation of another is shown.</summary>
    public Task NoteReadingAsync(RoutingSession session, CurrentUser user, CancellationToken cancellationToken) =>
        NoteAsync(user, new AuditEvent("routing_session.context_read", Target(session), Whose(session)), cancellationToken);

    private async Task ForgetAsync(IReadOnlyList<RoutingSession> some)
    {
        try
        {
            await sessions.RemoveAsync(some);
        }
        catch (TimeoutException)
        {
            throw new ProblemException(StatusCodes.Status503ServiceUnavailable, "unavailable",
                "Redis does not answer, and would bring the sessions back; try again when it does.");
        }
    }

    private async Task NoteAsync(CurrentUser user, AuditEvent noted, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.AppendAsync(db, user.Actor, [noted], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static string Target(RoutingSession session) => $"routing_session:{session.Id}";

    private static string? Whose(RoutingSession session) => new AuditDiff().Add("user", null, (Guid?)session.UserId).Text;
}
