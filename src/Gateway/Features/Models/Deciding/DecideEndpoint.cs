using System.Collections.Frozen;
using System.ComponentModel;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Models.Logical;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Models.Deciding;

/// <summary>A request to plan for without sending it.</summary>
public sealed record DecideRoute
{
    [Description("A logical model, an alias, or provider/model.")]
    public string? Model { get; init; }

    [Description("A strategy instead of the model's own.")]
    public string? Strategy { get; init; }

    [Description("Only these providers.")]
    public string[]? Only { get; init; }

    [Description("None of these providers.")]
    public string[]? Exclude { get; init; }

    [Description("Plans as this API key: your own, or with routing.read any.")]
    public Guid? ApiKeyId { get; init; }

    [Description("Plans as this user; needs routing.read.")]
    public Guid? AsUser { get; init; }
}

/// <summary>The plan; upstreams at providers that you can't see are only counted.</summary>
public sealed record DecideAnswer(
    string Model,
    string? LogicalModel,
    string Strategy,
    IReadOnlyList<DecidedCandidate> Candidates,
    IReadOnlyList<ExcludedCandidate> Excluded,
    int Hidden,
    string? Error,
    double DecisionUs);

/// <summary>What the data plane would do with a request: the same code, nothing bound, nothing counted.</summary>
internal static class DecideEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/routing/decide", DecideAsync).WithTags("Routing").WithName("DecideRoute")
            .WithSummary("Explain how a request would be routed").ProducesProblem(StatusCodes.Status404NotFound).RequireUser();

    private static async Task<Ok<DecideAnswer>> DecideAsync(
        DecideRoute input, CurrentUser user, GatewayDbContext db, [FromServices] IRouteDecider decider, CancellationToken cancellationToken)
    {
        Check(input);
        var caller = await CallerAsync(input, user, db, cancellationToken);
        var decision = decider.Decide(new RouteQuestion(caller, input.Model!, StrategyNames.Parse(input.Strategy), input.Only ?? [], input.Exclude ?? []));
        var visibility = await ModelVisibility.OfAsync(db, user, cancellationToken);
        var candidates = decision.Candidates.Where(c => visibility.Shows(c.Provider)).ToList();
        var excluded = decision.Excluded.Where(c => visibility.Shows(c.Provider)).ToList();
        return TypedResults.Ok(new DecideAnswer(
            decision.Model, decision.LogicalModel, decision.Strategy, candidates, excluded,
            decision.Candidates.Count - candidates.Count + decision.Excluded.Count - excluded.Count, decision.Error, decision.DecisionUs));
    }

    private static void Check(DecideRoute input)
    {
        var errors = new FieldErrors();
        if (string.IsNullOrEmpty(input.Model))
        {
            errors.Required("model");
        }

        errors.Text("model", input.Model, 0, 400);
        if (input.Strategy is not null && StrategyNames.Parse(input.Strategy) is null)
        {
            errors.Add("strategy", "not_allowed", $"must be one of {string.Join(", ", StrategyNames.All)}");
        }

        if (input.ApiKeyId is not null && input.AsUser is not null)
        {
            errors.Add("as_user", "not_allowed", "can't be combined with api_key_id");
        }

        errors.ThrowIfAny();
    }

    private static async Task<ApiCaller> CallerAsync(DecideRoute input, CurrentUser user, GatewayDbContext db, CancellationToken cancellationToken)
    {
        if (input.ApiKeyId is { } keyId)
        {
            var key = await db.ApiKeys.AsNoTracking().SingleOrDefaultAsync(k => k.Id == keyId && k.DeletedAt == null, cancellationToken);
            return key is not null && (key.UserId == user.Id || user.Has(Permissions.RoutingRead)) ? CallerOf(key) : throw Problems.NotFound();
        }

        if (input.AsUser is { } other && other != user.Id)
        {
            user.Demand(Permissions.RoutingRead);
            var known = await db.Users.AnyAsync(u => u.Id == other && u.DeletedAt == null, cancellationToken);
            return known ? CallerOf(other) : throw Problems.NotFound();
        }

        return CallerOf(user.Id);
    }

    private static ApiCaller CallerOf(Guid userId) => new() { KeyId = Guid.Empty, KeyName = "", UserId = userId };

    private static ApiCaller CallerOf(ApiKey key) => new()
    {
        KeyId = key.Id,
        KeyName = key.Name,
        UserId = key.UserId,
        KeyDisabled = key.Status == ApiKeyStatus.Disabled,
        ExpiresAt = key.ExpiresAt,
        Scopes = key.Scopes.ToFrozenSet(StringComparer.Ordinal),
        AllowedModels = key.AllowedModels,
        AllowedProviders = key.AllowedProviderIds.ToFrozenSet(StringComparer.Ordinal),
    };
}
