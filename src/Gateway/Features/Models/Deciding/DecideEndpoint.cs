using System.Collections.Frozen;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Models.Logical;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Usage;
using AIHigress.Gateway.Hosting.Errors;
using AIHigress.Wire;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Models.Deciding;

/// <summary>What the data plane would do with a request: the same code, nothing bound, nothing counted.</summary>
internal static class DecideEndpoint
{
    private static readonly Dictionary<string, WireProtocol> Protocols = new(StringComparer.Ordinal)
    {
        ["openai_chat"] = WireProtocol.Chat,
        ["openai_responses"] = WireProtocol.Responses,
        ["anthropic_messages"] = WireProtocol.Messages,
        ["gemini"] = WireProtocol.Gemini,
    };

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/routing/decide", DecideAsync).WithTags("Routing").WithName("DecideRoute")
            .WithSummary("Explain how a request would be routed").ProducesProblem(StatusCodes.Status404NotFound).RequireUser();

    private static async Task<Ok<DecideAnswer>> DecideAsync(
        DecideRoute input, CurrentUser user, GatewayDbContext db, [FromServices] IRouteDecider decider, CancellationToken cancellationToken)
    {
        Check(input);
        var caller = await CallerAsync(input, user, db, cancellationToken);
        var decision = await decider.DecideAsync(Question(input, caller));
        var visibility = await ModelVisibility.OfAsync(db, user, cancellationToken);
        var inside = await InsideAsync(decision.Plan, db, user, cancellationToken);
        var plan = decision.Plan.For(visibility.Shows);
        return TypedResults.Ok(new DecideAnswer(
            input.Model!,
            plan.LogicalModel,
            plan.Strategy!,
            plan.Stickiness,
            [.. plan.Candidates.Select(c => inside(c.Provider) ? c : c with { KeyLabel = null })],
            plan.Excluded,
            plan.Fallbacks,
            plan.Hidden,
            plan.Error,
            null,
            decision.DecisionUs));
    }

    private static RouteQuestion Question(DecideRoute input, ApiCaller caller) => new(caller, input.Model!)
    {
        Protocol = Protocols[input.Protocol ?? "openai_chat"],
        Stream = input.Stream ?? true,
        Needs = Needs(input.Features),
        PromptTokens = input.PromptTokens ?? 0,
        Strategy = StrategyNames.Parse(input.Strategy),
        Region = input.Region,
        Only = input.Only ?? [],
        Exclude = input.Exclude ?? [],
        SessionId = input.SessionId,
    };

    private static RequestNeeds Needs(DecideFeatures? features) =>
        RequestNeeds.Tools.If(features?.Tools == true) | RequestNeeds.Vision.If(features?.Vision == true) | RequestNeeds.Audio.If(features?.Audio == true)
        | RequestNeeds.JsonSchema.If(features?.JsonSchema == true) | RequestNeeds.Reasoning.If(features?.Reasoning == true);

    /// <summary>Whose keys the reader may know of: his own providers', or everybody's.</summary>
    private static async Task<Func<string, bool>> InsideAsync(PlanView plan, GatewayDbContext db, CurrentUser user, CancellationToken cancellationToken)
    {
        if (ProviderAccess.SeesAll(user))
        {
            return _ => true;
        }

        var (named, me) = (plan.Candidates.Select(c => c.Provider).Distinct().ToList(), user.Id);
        var own = await db.Providers.AsNoTracking().Where(p => p.OwnerId == me && named.Contains(p.Id)).Select(p => p.Id).ToListAsync(cancellationToken);
        return own.Contains;
    }

    private static void Check(DecideRoute input)
    {
        var errors = new FieldErrors();
        if (string.IsNullOrEmpty(input.Model))
        {
            errors.Required("model");
        }

        errors.Text("model", input.Model, 0, 400);
        if (input.Protocol is not null && !Protocols.ContainsKey(input.Protocol))
        {
            errors.Add("protocol", "not_allowed", $"must be one of {string.Join(", ", Protocols.Keys)}");
        }

        errors.Range("prompt_tokens", input.PromptTokens, 0, 1_000_000_000);
        errors.Text("session_id", input.SessionId, 1, 128);
        errors.Text("region", input.Region, 1, 100);
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
