using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data.Paging;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AIHigress.Gateway.Features.Models.Sessions;

/// <summary>Sessions: which conversations stay with which upstream, and what was said in them.</summary>
internal static class SessionEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var sessions = routes.MapGroup("/api/v1/routing/sessions").WithTags("Routing");
        sessions.MapGet("/", ListAsync).WithName("ListRoutingSessions").WithSummary("List sessions and where they are bound, last used first")
            .ProducesProblem(StatusCodes.Status403Forbidden).RequireUser();
        sessions.MapGet("/{id}", GetAsync).WithName("GetRoutingSession").WithSummary("Read a session")
            .ProducesProblem(StatusCodes.Status404NotFound).RequireOwner(Permissions.RoutingRead);
        sessions.MapDelete("/{id}", DeleteAsync).WithName("DeleteRoutingSession").WithSummary("Unbind a session and forget what was said in it")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status503ServiceUnavailable).RequireOwner(Permissions.RoutingManage);
        sessions.MapGet("/{id}/context", ContextAsync).WithName("GetRoutingSessionContext").WithSummary("Read what was said in a session")
            .ProducesProblem(StatusCodes.Status404NotFound).RequireOwner(Permissions.LogsReadBodies);
        sessions.MapPost("/purge", PurgeAsync).WithName("PurgeRoutingSessions").WithSummary("End all sessions of a provider, a model or a user")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable).RequirePermission(Permissions.RoutingManage);
    }

    private static async Task<Ok<Page<RoutingSessionView>>> ListAsync(
        [AsParameters] PageQuery page, [AsParameters] SessionFilter filter, CurrentUser user, [FromServices] SessionLists lists, CancellationToken cancellationToken) =>
        TypedResults.Ok(await lists.ReadAsync(page, filter, user, cancellationToken));

    private static async Task<Ok<RoutingSessionView>> GetAsync(
        string id, CurrentUser user, [FromServices] IRoutingSessions sessions, [FromServices] SessionLists lists, CancellationToken cancellationToken)
    {
        var session = await FindAsync(sessions, id, user, Permissions.RoutingRead);
        return TypedResults.Ok(await lists.ViewAsync(session, cancellationToken));
    }

    private static async Task<NoContent> DeleteAsync(
        string id, CurrentUser user, [FromServices] IRoutingSessions sessions, [FromServices] SessionEnding ending, CancellationToken cancellationToken)
    {
        await ending.RemoveAsync(await FindAsync(sessions, id, user, Permissions.RoutingManage), user, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<SessionContextView>> ContextAsync(
        string id, CurrentUser user, [FromServices] IRoutingSessions sessions, [FromServices] SessionEnding ending, CancellationToken cancellationToken)
    {
        var session = await FindAsync(sessions, id, user, Permissions.LogsReadBodies);
        if (session.UserId != user.Id)
        {
            await ending.NoteReadingAsync(session, user, cancellationToken);
        }

        var exchanges = await sessions.ContextAsync(session);
        return TypedResults.Ok(new SessionContextView(session.Id, session.SessionId, session.Model, [.. exchanges.Select(SessionExchangeView.Of)]));
    }

    private static async Task<Ok<PurgedSessions>> PurgeAsync(
        PurgeSessions input, CurrentUser user, [FromServices] SessionEnding ending, CancellationToken cancellationToken)
    {
        if (input is { Provider: null, Model: null, User: null })
        {
            throw Problems.Field("provider", "required", "name a provider, a model or a user");
        }

        return TypedResults.Ok(new PurgedSessions(await ending.PurgeAsync(input, user, cancellationToken)));
    }

    // Who sees it by one permission and lacks the one for this is told which; to everybody else it does not exist.
    private static async Task<RoutingSession> FindAsync(IRoutingSessions sessions, string id, CurrentUser user, string permission)
    {
        var session = await sessions.FindAsync(id);
        if (session is null || (session.UserId != user.Id && !user.Has(permission) && !user.Has(Permissions.RoutingRead)))
        {
            throw Problems.NotFound();
        }

        if (session.UserId != user.Id)
        {
            user.Demand(permission);
        }

        return session;
    }
}
