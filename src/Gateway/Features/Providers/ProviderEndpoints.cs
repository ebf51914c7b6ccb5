using System.Text.Json;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Data.Paging;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Providers.Catalogue;
using AIHigress.Gateway.Features.Providers.Editing;
using AIHigress.Gateway.Features.Providers.Keys;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Providers;

/// <summary>The table of contents of /providers.</summary>
internal static class ProviderEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var providers = routes.MapGroup("/api/v1/providers").WithTags("Providers").ProducesProblem(StatusCodes.Status404NotFound).FollowWrites();
        providers.MapGet("/", ListAsync).WithName("ListProviders").WithSummary("List the providers you can use").RequireUser();
        providers.MapPost("/", CreateAsync).WithName("CreateProvider").WithSummary("Add a provider: the platform's for administrators, a private one for others")
            .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status409Conflict).RequirePermission(Permissions.ProvidersOwn);
        providers.MapGet("/{id}", GetAsync).WithName("GetProvider").WithSummary("Read a provider; its inner details only as owner or operator").RequireUser();
        Versioned(providers.MapPatch("/{id}", UpdateAsync).WithName("UpdateProvider").WithSummary("Change a provider by merge patch")
            .Accepts<EditProvider>("application/merge-patch+json", "application/json")).RequireOwner(Permissions.ProvidersManageAll);
        Versioned(providers.MapDelete("/{id}", DeleteAsync).WithName("DeleteProvider")
            .WithSummary("Delete a provider and destroy its keys; its id is never used again")).RequireOwner(Permissions.ProvidersManageAll);
        providers.MapPost("/{id}/pause", PauseAsync).WithName("PauseProvider").WithSummary("Send no new requests; running ones end").RequireOwner(Permissions.ProvidersOperate);
        providers.MapPost("/{id}/resume", ResumeAsync).WithName("ResumeProvider").WithSummary("Send requests again").RequireOwner(Permissions.ProvidersOperate);
        providers.MapPost("/{id}/offline", OfflineAsync).WithName("TakeProviderOffline")
            .WithSummary("Send no new requests and hide it from lists").ProducesProblem(StatusCodes.Status403Forbidden).RequirePermission(Permissions.ProvidersOperate);
        providers.MapPost("/{id}/online", ResumeAsync).WithName("BringProviderOnline")
            .WithSummary("Show it and send requests again").ProducesProblem(StatusCodes.Status403Forbidden).RequirePermission(Permissions.ProvidersOperate);
        providers.MapPost("/{id}/test", ProviderChecks.TestAsync).WithName("TestProvider")
            .WithSummary("Try connection, model list, a tiny chat and a tiny stream").RequireOwner(Permissions.ProvidersOperate);
        providers.MapPost("/{id}/discover", ProviderChecks.DiscoverAsync).WithName("DiscoverProviderModels").WithSummary("Ask the provider for its models now")
            .ProducesProblem(StatusCodes.Status502BadGateway).RequireOwner(Permissions.ProvidersOperate);
        KeyEndpoints.Map(providers);
        ModelEndpoints.Map(providers);
        routes.MapGet("/api/v1/me/provider-quota", QuotaAsync).WithTags("Providers").WithName("GetProviderQuota")
            .WithSummary("How many private providers you may have").RequireUser();
        routes.MapGet("/api/v1/provider-kinds", Kinds).WithTags("Providers").WithName("ListProviderKinds")
            .WithSummary("The wire formats that providers can speak").RequireUser();
    }

    private static RouteHandlerBuilder Versioned(RouteHandlerBuilder route) => route
        .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed).ProducesProblem(StatusCodes.Status428PreconditionRequired);

    private static async Task<Ok<Page<ProviderView>>> ListAsync(
        [AsParameters] PageQuery page, [AsParameters] ProviderFilter filter, CurrentUser user, [FromServices] ProviderList list, CancellationToken cancellationToken) =>
        TypedResults.Ok(await list.ReadAsync(page, filter, user, cancellationToken));

    private static async Task<Created<ProviderView>> CreateAsync(
        CreateProvider input, CurrentUser user, HttpResponse response, [FromServices] ProviderCreation creation, CancellationToken cancellationToken)
    {
        var view = await creation.RunAsync(input, user, cancellationToken);
        EntityTag.Send(response, view.Version);
        return TypedResults.Created($"/api/v1/providers/{view.Id}", view);
    }

    private static async Task<Ok<ProviderView>> GetAsync(string id, CurrentUser user, HttpResponse response, GatewayDbContext db, CancellationToken cancellationToken)
    {
        var provider = await ProviderAccess.FindAsync(db, id, user, cancellationToken);
        var keys = await db.ProviderKeys.AsNoTracking().Where(k => k.ProviderId == id).OrderBy(k => k.Id).ToListAsync(cancellationToken);
        var models = await db.ProviderModels.CountAsync(m => m.ProviderId == id, cancellationToken);
        EntityTag.Send(response, provider.Version);
        var health = await db.ProviderHealth.AsNoTracking().SingleOrDefaultAsync(h => h.ProviderId == id, cancellationToken);
        return TypedResults.Ok(ProviderView.Of(provider, user, models, keys).With(health));
    }

    private static async Task<Ok<ProviderView>> UpdateAsync(
        string id, [FromBody] JsonElement patch, CurrentUser user, HttpContext context, [FromServices] ProviderChange change, CancellationToken cancellationToken)
    {
        var view = await change.RunAsync(id, patch, user, context.Request, cancellationToken);
        EntityTag.Send(context.Response, view.Version);
        return TypedResults.Ok(view);
    }

    private static async Task<NoContent> DeleteAsync(
        string id, bool? force, CurrentUser user, HttpContext context, [FromServices] ProviderDeletion deletion, CancellationToken cancellationToken)
    {
        await deletion.RunAsync(id, force == true, user, context.Request, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<ProviderView>> PauseAsync(
        string id, OperationReason? input, CurrentUser user, HttpResponse response, GatewayDbContext db, [FromServices] OperationSwitch operation, CancellationToken cancellationToken)
    {
        await operation.RunAsync(id, OperationStatus.Paused, input, user, cancellationToken);
        return await GetAsync(id, user, response, db, cancellationToken);
    }

    private static async Task<Ok<ProviderView>> OfflineAsync(
        string id, OperationReason? input, CurrentUser user, HttpResponse response, GatewayDbContext db, [FromServices] OperationSwitch operation, CancellationToken cancellationToken)
    {
        await operation.RunAsync(id, OperationStatus.Offline, input, user, cancellationToken);
        return await GetAsync(id, user, response, db, cancellationToken);
    }

    private static async Task<Ok<ProviderView>> ResumeAsync(
        string id, OperationReason? input, CurrentUser user, HttpResponse response, GatewayDbContext db, [FromServices] OperationSwitch operation, CancellationToken cancellationToken)
    {
        await operation.RunAsync(id, OperationStatus.Active, input, user, cancellationToken);
        return await GetAsync(id, user, response, db, cancellationToken);
    }

    private static async Task<Ok<ProviderQuotaView>> QuotaAsync(CurrentUser user, [FromServices] ProviderQuota quota, CancellationToken cancellationToken) =>
        TypedResults.Ok(await quota.ReadAsync(user, cancellationToken));

    private static Ok<IReadOnlyList<ProviderKindView>> Kinds() => TypedResults.Ok(ProviderKindView.All);
}

/// <summary>A wire format with what its form needs.</summary>
public sealed record ProviderKindView(string Kind, string Name, string DefaultPrefix, ProviderAuth DefaultAuth, IReadOnlyDictionary<string, string> DefaultPaths)
{
    internal static readonly IReadOnlyList<ProviderKindView> All =
    [
        Of(ProviderKinds.OpenAI, "OpenAI Chat Completions and compatible servers", new()
        {
            [ProviderPaths.ChatCompletions] = "/chat/completions",
            [ProviderPaths.Models] = "/models",
            [ProviderPaths.Embeddings] = "/embeddings",
            [ProviderPaths.Completions] = "/completions",
        }),
        Of(ProviderKinds.OpenAIResponses, "OpenAI Responses", new()
        {
            [ProviderPaths.Responses] = "/responses",
            [ProviderPaths.Models] = "/models",
            [ProviderPaths.Embeddings] = "/embeddings",
            [ProviderPaths.Completions] = "/completions",
        }),
        Of(ProviderKinds.Anthropic, "Anthropic Messages", new()
        {
            [ProviderPaths.Messages] = "/messages",
            [ProviderPaths.CountTokens] = "/messages/count_tokens",
            [ProviderPaths.Models] = "/models",
        }),
        Of(ProviderKinds.Gemini, "Google Gemini", new() { [ProviderPaths.Models] = "/models" }),
    ];

    private static ProviderKindView Of(string kind, string name, Dictionary<string, string> paths) =>
        new(kind, name, ProviderKinds.UsualPrefix(kind), ProviderKinds.UsualAuth(kind), paths);
}
