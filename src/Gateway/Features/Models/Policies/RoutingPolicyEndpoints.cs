using System.ComponentModel;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AIHigress.Gateway.Features.Models.Policies;

internal static class RoutingPolicyEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var policy = routes.MapGroup("/api/v1/routing/policy").WithTags("Routing").FollowWrites();
        policy.MapGet("", GetAsync).WithName("GetRoutingPolicy").WithSummary("Read the routing policy, or an old version of it")
            .ProducesProblem(StatusCodes.Status404NotFound).RequirePermission(Permissions.RoutingRead);
        policy.MapPut("", ReplaceAsync).WithName("ReplaceRoutingPolicy")
            .WithSummary("Replace the routing policy; what is left out gets its default. Every version is kept")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status428PreconditionRequired).RequirePermission(Permissions.RoutingManage);
    }

    private static async Task<Ok<RoutingPolicyView>> GetAsync(
        [FromQuery, Description("An old version; 0 is the defaults.")] int? version, HttpResponse response, GatewayDbContext db, CancellationToken cancellationToken)
    {
        var view = await RoutingPolicyView.ReadAsync(db, version, cancellationToken) ?? throw Problems.NotFound();
        EntityTag.Send(response, view.Version);
        return TypedResults.Ok(view);
    }

    private static async Task<Ok<RoutingPolicyView>> ReplaceAsync(
        RoutingPolicy policy, CurrentUser user, HttpContext context, [FromServices] RoutingPolicyChange change, CancellationToken cancellationToken)
    {
        var view = await change.ReplaceAsync(policy, user, context.Request, cancellationToken);
        EntityTag.Send(context.Response, view.Version);
        return TypedResults.Ok(view);
    }
}
