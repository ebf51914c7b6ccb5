using System.ComponentModel;
using System.Text.Json;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data.Paging;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Providers.Editing;
using AIHigress.Gateway.Features.Providers.Health.Reading;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AIHigress.Gateway.Features.Providers.Health;

/// <summary>How providers do, and how they are watched.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var providers = routes.MapGroup("/api/v1/providers/{id}").WithTags("Providers").ProducesProblem(StatusCodes.Status404NotFound).FollowWrites();
        providers.MapGet("/probe", ReadProbeAsync).WithName("GetProviderProbe").WithSummary("How a provider's health is probed").RequireOwner(Permissions.ProvidersOperate);
        providers.MapPatch("/probe", ChangeProbeAsync).WithName("UpdateProviderProbe").WithSummary("Change how a provider's health is probed, by merge patch")
            .Accepts<ProbeSettings>("application/merge-patch+json", "application/json")
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed).ProducesProblem(StatusCodes.Status428PreconditionRequired)
            .RequireOwner(Permissions.ProvidersOperate);
        providers.MapGet("/health", ReadHealthAsync).WithName("GetProviderHealth")
            .WithSummary("How a provider does and did: state, uptime, changes, last probes").RequireUser();

        var status = routes.MapGroup("/api/v1/provider-status").WithTags("Usage");
        status.MapGet("/", ListAsync).WithName("ListProviderStatus").WithSummary("How the providers you can use do").RequireUser();
        status.MapGet("/{id}", GetAsync).WithName("GetProviderStatus").WithSummary("How one provider does")
            .ProducesProblem(StatusCodes.Status404NotFound).RequireUser();
    }

    private static async Task<Ok<ProbeView>> ReadProbeAsync(
        string id, CurrentUser user, HttpResponse response, [FromServices] ProbeChange probe, CancellationToken cancellationToken)
    {
        var view = await probe.ReadAsync(id, user, cancellationToken);
        EntityTag.Send(response, view.Version);
        return TypedResults.Ok(view);
    }

    private static async Task<Ok<ProbeView>> ChangeProbeAsync(
        string id, [FromBody] JsonElement patch, CurrentUser user, HttpContext context, [FromServices] ProbeChange probe, CancellationToken cancellationToken)
    {
        var view = await probe.RunAsync(id, patch, user, context.Request, cancellationToken);
        EntityTag.Send(context.Response, view.Version);
        return TypedResults.Ok(view);
    }

    private static async Task<Ok<ProviderHealthView>> ReadHealthAsync(
        string id, [Description("24h, 7d (default) or 90d")] string? range, CurrentUser user, [FromServices] HealthReader reader, CancellationToken cancellationToken) =>
        TypedResults.Ok(await reader.ReadAsync(id, range, user, cancellationToken));

    private static async Task<Ok<Page<ProviderStatusView>>> ListAsync(
        [AsParameters] PageQuery page, CurrentUser user, [FromServices] StatusReader reader, CancellationToken cancellationToken) =>
        TypedResults.Ok(await reader.ListAsync(page, user, cancellationToken));

    private static async Task<Ok<ProviderStatusView>> GetAsync(string id, CurrentUser user, [FromServices] StatusReader reader, CancellationToken cancellationToken) =>
        TypedResults.Ok(await reader.GetAsync(id, user, cancellationToken));
}
