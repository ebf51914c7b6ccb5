using System.ComponentModel;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Models.Live;

/// <summary>The live state of routing.</summary>
/// <param name="Items">Upstreams, the busiest models' first where not all are shown.</param>
/// <param name="Truncated">There are more; name a model.</param>
public sealed record RoutingBoardView(IReadOnlyList<BoardRow> Items, bool Truncated);

/// <summary>Circuits and keys that are not as they should be.</summary>
public sealed record CircuitsView(IReadOnlyList<CircuitRow> Items);

/// <summary>Which circuits to close, and which keys' rests to end.</summary>
public sealed record ResetCircuits
{
    [Description("All of this provider's, unless narrowed.")]
    public string? Provider { get; init; }

    [Description("Only the circuits of this upstream model.")]
    public string? Model { get; init; }

    [Description("Only this key.")]
    public Guid? KeyId { get; init; }
}

/// <summary>How many circuits and keys of this replica were not in order.</summary>
public sealed record CircuitsReset(int Count);

/// <summary>Looks into the moving state of routing, and takes back what failures did to it (control-plane.md §7).</summary>
internal static class RoutingEndpoints
{
    private const int LongestBoard = 1000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var routing = routes.MapGroup("/api/v1/routing").WithTags("Routing");
        routing.MapGet("/board", BoardAsync).WithName("GetRoutingBoard")
            .WithSummary("What routing knows of each upstream now: everybody's with routing.read, else of your own providers").RequireUser();
        routing.MapGet("/circuits", Circuits).WithName("ListCircuits").WithSummary("List open circuits, resting keys, and those with failures")
            .ProducesProblem(StatusCodes.Status403Forbidden).RequirePermission(Permissions.RoutingRead);
        routing.MapPost("/circuits/reset", ResetAsync).WithName("ResetCircuits").WithSummary("Close circuits and end keys' rests on all replicas")
            .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).RequirePermission(Permissions.RoutingManage);
    }

    private static async Task<Ok<RoutingBoardView>> BoardAsync(
        [FromQuery(Name = "model"), Description("Only this model's upstreams; else all that have had traffic, at most 1,000.")] string? model,
        CurrentUser user, GatewayDbContext db, [FromServices] IRoutingBoard board, CancellationToken cancellationToken)
    {
        Func<string, bool> shows = _ => true;
        if (!user.Has(Permissions.RoutingRead))
        {
            var me = user.Id;
            var own = await db.Providers.AsNoTracking().Where(p => p.OwnerId == me && p.DeletedAt == null).Select(p => p.Id).ToListAsync(cancellationToken);
            shows = own.Contains;
        }

        var rows = board.Read(model, shows, LongestBoard + 1);
        return TypedResults.Ok(new RoutingBoardView([.. rows.Take(LongestBoard)], rows.Count > LongestBoard));
    }

    private static Ok<CircuitsView> Circuits([FromServices] IRoutingBoard board) => TypedResults.Ok(new CircuitsView(board.Circuits(_ => true)));

    private static async Task<Ok<CircuitsReset>> ResetAsync(
        ResetCircuits input, CurrentUser user, GatewayDbContext db, [FromServices] IRoutingBoard board, [FromServices] AuditWriter audit, CancellationToken cancellationToken)
    {
        var target = await CheckAsync(input, db, cancellationToken);
        var diff = new AuditDiff().Add("model", null, input.Model).Add("key_id", null, input.KeyId);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.AppendAsync(db, user.Actor, [new AuditEvent("circuits.reset", $"provider:{target.Provider}", diff.Text)], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(new CircuitsReset(board.Reset(target)));
    }

    private static async Task<CircuitTarget> CheckAsync(ResetCircuits input, GatewayDbContext db, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        if (string.IsNullOrEmpty(input.Provider))
        {
            errors.Required("provider");
        }

        if (input is { Model: not null, KeyId: not null })
        {
            errors.Add("key_id", "not_allowed", "can't be combined with model");
        }

        errors.ThrowIfAny();
        var known = await db.Providers.AnyAsync(p => p.Id == input.Provider && p.DeletedAt == null, cancellationToken)
            && (input.KeyId is not { } key || await db.ProviderKeys.AnyAsync(k => k.Id == key && k.ProviderId == input.Provider, cancellationToken));
        return known ? new CircuitTarget(input.Provider!, input.Model, input.KeyId) : throw Problems.NotFound();
    }
}
