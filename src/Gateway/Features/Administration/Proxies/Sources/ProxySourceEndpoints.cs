using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Data.Paging;
using AIHigress.Gateway.Features.Identity.Access;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Administration.Proxies.Sources;

/// <summary>The lists of the proxy pool.</summary>
internal static class ProxySourceEndpoints
{
    private static readonly SortKeys<ProxySource> Sorts = SortKeys.For<ProxySource, Guid>(s => s.Id, "-created_at")
        .Add("created_at", s => s.CreatedAt).Add("name", s => s.Name);

    public static void Map(RouteGroupBuilder proxies)
    {
        var sources = proxies.MapGroup("/sources");
        sources.MapGet("/", ListAsync).WithName("ListProxySources").WithSummary("List the lists of proxies");
        sources.MapPost("/", CreateAsync).WithName("CreateProxySource").WithSummary("Add a list: pasted lines, or an address to read them from")
            .ProducesProblem(StatusCodes.Status409Conflict);
        sources.MapGet("/{id:guid}", GetAsync).WithName("GetProxySource").WithSummary("Read a list of proxies").ProducesProblem(StatusCodes.Status404NotFound);
        ProxyEndpoints.Versioned(sources.MapPatch("/{id:guid}", ChangeAsync).WithName("UpdateProxySource").WithSummary("Change a list by merge patch"));
        ProxyEndpoints.Versioned(sources.MapDelete("/{id:guid}", DeleteAsync).WithName("DeleteProxySource").WithSummary("Delete a list and its proxies"));
        sources.MapPost("/{id:guid}/refresh", RefreshAsync).WithName("RefreshProxySource").WithSummary("Read a remote list now")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status502BadGateway);
    }

    private static async Task<Ok<Page<ProxySourceView>>> ListAsync(
        [AsParameters] PageQuery page, GatewayDbContext db, [FromServices] Pager pager, CancellationToken cancellationToken)
    {
        var rows = await pager.ReadAsync(db.ProxySources.WhereContains(page.Q, s => s.Name), Sorts, page, ["proxy_sources"], s => s, cancellationToken);
        var ids = rows.Items.Select(s => (Guid?)s.Id).ToList();
        var counts = await db.Proxies.Where(p => ids.Contains(p.SourceId)).GroupBy(p => p.SourceId)
            .Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key!.Value, g => g.Count, cancellationToken);
        return TypedResults.Ok(new Page<ProxySourceView>(
            [.. rows.Items.Select(s => ProxySourceView.Of(s, counts.GetValueOrDefault(s.Id)))], rows.NextCursor, rows.Total, rows.TotalCapped));
    }

    private static async Task<Created<ProxySourceView>> CreateAsync(
        CreateProxySource input, CurrentUser user, HttpResponse response, [FromServices] ProxySourceChange change, CancellationToken cancellationToken)
    {
        var view = await change.CreateAsync(input, user, cancellationToken);
        EntityTag.Send(response, view.Version);
        return TypedResults.Created($"/api/v1/proxies/sources/{view.Id}", view);
    }

    private static async Task<Ok<ProxySourceView>> GetAsync(
        Guid id, HttpResponse response, GatewayDbContext db, [FromServices] ProxySourceChange change, CancellationToken cancellationToken)
    {
        var source = await change.FindAsync(id, cancellationToken);
        EntityTag.Send(response, source.Version);
        return TypedResults.Ok(ProxySourceView.Of(source, await db.Proxies.CountAsync(p => p.SourceId == id, cancellationToken)));
    }

    private static async Task<Ok<ProxySourceView>> ChangeAsync(
        Guid id, PatchOf<EditProxySource> patch, CurrentUser user, HttpContext context, [FromServices] ProxySourceChange change, CancellationToken cancellationToken)
    {
        var view = await change.ChangeAsync(id, patch, user, context.Request, cancellationToken);
        EntityTag.Send(context.Response, view.Version);
        return TypedResults.Ok(view);
    }

    private static async Task<NoContent> DeleteAsync(
        Guid id, CurrentUser user, HttpContext context, [FromServices] ProxySourceChange change, CancellationToken cancellationToken)
    {
        await change.DeleteAsync(id, user, context.Request, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<ProxyRefreshResult>> RefreshAsync(
        Guid id, CurrentUser user, [FromServices] ProxySourceRefresh refresh, CancellationToken cancellationToken) =>
        TypedResults.Ok(await refresh.RunAsync(id, user, cancellationToken));
}
