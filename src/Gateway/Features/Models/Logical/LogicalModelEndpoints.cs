using System.Text.Json;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Data.Paging;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Models.Logical;

/// <summary>The table of contents of /logical-models. Ids contain slashes, so they are the catch-all end of the path.</summary>
internal static class LogicalModelEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var models = routes.MapGroup("/api/v1/logical-models").WithTags("Logical models").FollowWrites();
        models.MapGet("/", ListAsync).WithName("ListLogicalModels").WithSummary("List the models you can use, explicit and automatic").RequireUser();
        models.MapPost("/", CreateAsync).WithName("CreateLogicalModel").WithSummary("Make a logical model")
            .ProducesProblem(StatusCodes.Status409Conflict).RequirePermission(Permissions.ModelsManage);
        models.MapGet("/{**id}", GetAsync).WithName("GetLogicalModel").WithSummary("Read a logical model")
            .ProducesProblem(StatusCodes.Status404NotFound).RequireUser();
        Versioned(models.MapPatch("/{**id}", UpdateAsync).WithName("UpdateLogicalModel").WithSummary("Change a logical model by merge patch")
            .Accepts<EditLogicalModel>("application/merge-patch+json", "application/json")).RequirePermission(Permissions.ModelsManage);
        Versioned(models.MapDelete("/{**id}", DeleteAsync).WithName("DeleteLogicalModel")
            .WithSummary("Delete a logical model; an automatic one of the same name comes back")).RequirePermission(Permissions.ModelsManage);
    }

    private static RouteHandlerBuilder Versioned(RouteHandlerBuilder route) => route
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status412PreconditionFailed).ProducesProblem(StatusCodes.Status428PreconditionRequired);

    private static async Task<Ok<Page<LogicalModelView>>> ListAsync(
        [AsParameters] PageQuery page, [AsParameters] LogicalModelFilter filter, CurrentUser user, [FromServices] LogicalModelList list, CancellationToken cancellationToken) =>
        TypedResults.Ok(await list.ReadAsync(page, filter, user, cancellationToken));

    private static async Task<Created<LogicalModelView>> CreateAsync(
        CreateLogicalModel input, CurrentUser user, HttpResponse response, [FromServices] LogicalModelChange change, CancellationToken cancellationToken)
    {
        var view = await change.CreateAsync(input, user, cancellationToken);
        EntityTag.Send(response, view.Version!.Value);
        return TypedResults.Created($"/api/v1/logical-models/{view.Id}", view);
    }

    private static async Task<Ok<LogicalModelView>> GetAsync(
        string id, CurrentUser user, HttpResponse response, GatewayDbContext db, [FromServices] RouteTables tables, CancellationToken cancellationToken)
    {
        id = PathId.Decode(id);
        var visibility = await ModelVisibility.OfAsync(db, user, cancellationToken);
        if (await db.LogicalModels.AsNoTracking().SingleOrDefaultAsync(m => m.Id == id, cancellationToken) is { } model)
        {
            EntityTag.Send(response, model.Version);
            return visibility.Shows(model) ? TypedResults.Ok(LogicalModelView.Of(model, visibility)) : throw Problems.NotFound();
        }

        return tables.Current.Names.TryGetValue(id, out var route) && route.Origin == RouteOrigin.Automatic && visibility.Shows(route)
            ? TypedResults.Ok(LogicalModelView.Of(route, visibility))
            : throw Problems.NotFound();
    }

    private static async Task<Ok<LogicalModelView>> UpdateAsync(
        string id, [FromBody] JsonElement patch, CurrentUser user, HttpContext context, [FromServices] LogicalModelChange change, CancellationToken cancellationToken)
    {
        var view = await change.ChangeAsync(PathId.Decode(id), patch, user, context.Request, cancellationToken);
        EntityTag.Send(context.Response, view.Version!.Value);
        return TypedResults.Ok(view);
    }

    private static async Task<NoContent> DeleteAsync(
        string id, CurrentUser user, HttpContext context, [FromServices] LogicalModelChange change, CancellationToken cancellationToken)
    {
        await change.DeleteAsync(PathId.Decode(id), user, context.Request, cancellationToken);
        return TypedResults.NoContent();
    }
}
