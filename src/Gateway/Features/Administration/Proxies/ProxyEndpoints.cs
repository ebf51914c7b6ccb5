using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Data.Paging;
using AIHigress.Gateway.Features.Administration.Proxies.Jobs;
using AIHigress.Gateway.Features.Administration.Proxies.Sources;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Identity.Access;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AIHigress.Gateway.Features.Administration.Proxies;

/// <summary>The table of contents of /proxies: the pool's rules, its lists, its proxies.</summary>
internal static class ProxyEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var proxies = routes.MapGroup("/api/v1/proxies").WithTags("Proxies").RequirePermission(Permissions.ProxiesManage).FollowWrites();
        proxies.MapGet("/config", GetConfigAsync).WithName("GetProxyConfig").WithSummary("Read the rules of the proxy pool");
        Versioned(proxies.MapPatch("/config", ChangeConfigAsync).WithName("UpdateProxyConfig").WithSummary("Change the rules of the proxy pool by merge patch"));
        proxies.MapGet("/", ListAsync).WithName("ListProxies").WithSummary("List proxies without their passwords");
        proxies.MapPost("/", CreateAsync).WithName("CreateProxy").WithSummary("Add a proxy").ProducesProblem(StatusCodes.Status409Conflict);
        proxies.MapPost("/import", ImportAsync).WithName("ImportProxies").WithSummary("Add the proxies of a text, one per line")
            .ProducesProblem(StatusCodes.Status409Conflict);
        proxies.MapPost("/check", CheckAsync).WithName("CheckProxies").WithSummary("Check proxies now").ProducesProblem(StatusCodes.Status409Conflict);
        proxies.MapGet("/{id:guid}", GetAsync).WithName("GetProxy").WithSummary("Read a proxy").ProducesProblem(StatusCodes.Status404NotFound);
        Versioned(proxies.MapPatch("/{id:guid}", ChangeAsync).WithName("UpdateProxy")
            .WithSummary("Change a proxy by merge patch; with another address or password it no longer belongs to its list"));
        Versioned(proxies.MapDelete("/{id:guid}", DeleteAsync).WithName("DeleteProxy")
            .WithSummary("Delete a proxy; one that a list names comes back with its next reading"));
        ProxySourceEndpoints.Map(proxies);
    }

    public static void Versioned(RouteHandlerBuilder route) => route
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status412PreconditionFailed).ProducesProblem(StatusCodes.Status428PreconditionRequired);

    private static async Task<Ok<ProxyConfigView>> GetConfigAsync(HttpResponse response, GatewayDbContext db, CancellationToken cancellationToken)
    {
        var view = ProxyConfigView.Of(await ProxyPoolConfig.ReadAsync(db.ProxyConfigs, cancellationToken));
        EntityTag.Send(response, view.Version);
        return TypedResults.Ok(view);
    }

    private static async Task<Ok<ProxyConfigView>> ChangeConfigAsync(
        PatchOf<EditProxyConfig> patch, CurrentUser user, HttpContext context, [FromServices] ProxyConfigChange change, CancellationToken cancellationToken)
    {
        var view = await change.RunAsync(patch, user, context.Request, cancellationToken);
        EntityTag.Send(context.Response, view.Version);
        return TypedResults.Ok(view);
    }

    private static async Task<Ok<Page<ProxyView>>> ListAsync(
        [AsParameters] PageQuery page, [AsParameters] ProxyFilter filter, [FromServices] ProxyList list, CancellationToken cancellationToken) =>
        TypedResults.Ok(await list.ReadAsync(page, filter, cancellationToken));

    private static async Task<Created<ProxyView>> CreateAsync(
        CreateProxy input, CurrentUser user, HttpResponse response, [FromServices] ProxyChange change, CancellationToken cancellationToken)
    {
        var view = await change.CreateAsync(input, user, cancellationToken);
        EntityTag.Send(response, view.Version);
        return TypedResults.Created($"/api/v1/proxies/{view.Id}", view);
    }

    private static async Task<Ok<ProxyImportResult>> ImportAsync(
        ImportProxies input, CurrentUser user, [FromServices] ProxyImport import, CancellationToken cancellationToken) =>
        TypedResults.Ok(await import.RunAsync(input, user, cancellationToken));

    private static async Task<Ok<ProxyCheckResult>> CheckAsync(
        CheckProxies input, [FromServices] ProxyChecks checks, [FromServices] ProxyCheckSignal signal, CancellationToken cancellationToken)
    {
        var result = await checks.AskAsync(input.Ids, cancellationToken);
        if (result.Queued > 0)
        {
            signal.Wake();
        }

        return TypedResults.Ok(result);
    }

    private static async Task<Ok<ProxyView>> GetAsync(
        Guid id, HttpResponse response, [FromServices] ProxyChange change, TimeProvider time, CancellationToken cancellationToken)
    {
        var proxy = await change.FindAsync(id, cancellationToken);
        EntityTag.Send(response, proxy.Version);
        return TypedResults.Ok(ProxyView.Of(proxy, time.GetUtcNow()));
    }

    private static async Task<Ok<ProxyView>> ChangeAsync(
        Guid id, PatchOf<EditProxy> patch, CurrentUser user, HttpContext context, [FromServices] ProxyChange change, CancellationToken cancellationToken)
    {
        var view = await change.ChangeAsync(id, patch, user, context.Request, cancellationToken);
        EntityTag.Send(context.Response, view.Version);
        return TypedResults.Ok(view);
    }

    private static async Task<NoContent> DeleteAsync(
        Guid id, CurrentUser user, HttpContext context, [FromServices] ProxyChange change, CancellationToken cancellationToken)
    {
        await change.DeleteAsync(id, user, context.Request, cancellationToken);
        return TypedResults.NoContent();
    }
}
