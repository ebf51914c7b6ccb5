using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Data.Paging;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Models.Sessions;

/// <summary>The list of sessions: one's own, or everybody's with routing.read.</summary>
internal sealed class SessionLists(IRoutingSessions sessions, SessionCursors cursors, GatewayDbContext db)
{
    private const int CountedAtMost = 10_000;
    private const string OnlySort = "-last_used_at";

    /// <exception cref="ProblemException">400 for a bad page, 403 for the sessions of others.</exception>
    public async Task<Page<RoutingSessionView>> ReadAsync(PageQuery page, SessionFilter filter, CurrentUser user, CancellationToken cancellationToken)
    {
        if (page.Sort is not (null or "" or OnlySort))
        {
            throw Problems.Field("sort", "not_allowed", $"must be {OnlySort}", new Dictionary<string, object?> { ["allowed"] = new[] { OnlySort } });
        }

        var limit = page.ValidLimit();
        var whose = Whose(filter, user);
        var binding = string.Join('\n', whose, filter.Model, filter.Provider, page.Q);
        var found = new List<RoutingSession>(limit + 1);
        await foreach (var session in sessions.NewestFirstAsync(whose, cursors.Read(page.Cursor, binding), cancellationToken))
        {
            if (Fits(session, filter, page.Q))
            {
                found.Add(session);
                if (found.Count > limit)
                {
                    break;
                }
            }
        }

        var total = page.IncludeTotal == true ? await CountAsync(whose, filter, page.Q, cancellationToken) : default(int?);
        var users = await UsernamesAsync(found, cancellationToken);
        return new Page<RoutingSessionView>(
            [.. found.Take(limit).Select(s => RoutingSessionView.Of(s, users))],
            found.Count > limit ? cursors.Write(found[limit - 1].Position, binding) : null,
            total is null ? null : Math.Min(total.Value, CountedAtMost),
            total > CountedAtMost ? true : null);
    }

    public async Task<RoutingSessionView> ViewAsync(RoutingSession session, CancellationToken cancellationToken) =>
        RoutingSessionView.Of(session, await UsernamesAsync([session], cancellationToken));

    private static Guid? Whose(SessionFilter filter, CurrentUser user)
    {
        if (filter.User is { } other && other != user.Id)
        {
            user.Demand(Permissions.RoutingRead);
        }

        return filter.User ?? (user.Has(Permissions.RoutingRead) ? null : user.Id);
    }

    private static bool Fits(RoutingSession session, SessionFilter filter, string? q) =>
        (filter.Model is null || session.Model == filter.Model)
        && (filter.Provider is null || session.Provider == filter.Provider)
        && (string.IsNullOrWhiteSpace(q) || session.SessionId.Contains(q.Trim(), StringComparison.OrdinalIgnoreCase));

    private async Task<int> CountAsync(Guid? whose, SessionFilter filter, string? q, CancellationToken cancellationToken)
    {
        var count = 0;
        await foreach (var session in sessions.NewestFirstAsync(whose, null, cancellationToken))
        {
            if (Fits(session, filter, q) && ++count > CountedAtMost)
            {
                break;
            }
        }

        return count;
    }

    private async Task<IReadOnlyDictionary<Guid, string>> UsernamesAsync(IReadOnlyList<RoutingSession> shown, CancellationToken cancellationToken)
    {
        var ids = shown.Select(s => s.UserId).Distinct().ToList();
        return await db.Users.Where(u => ids.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.Username, cancellationToken);
    }
}
