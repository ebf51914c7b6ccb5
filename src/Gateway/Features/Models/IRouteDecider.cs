using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Usage;
using AIHigress.Wire;

namespace AIHigress.Gateway.Features.Models;

/// <summary>Plans without sending; implemented by the data plane with the very code that plans real requests.</summary>
public interface IRouteDecider
{
    ValueTask<RouteDecision> DecideAsync(RouteQuestion question);
}

/// <summary>A request to plan for.</summary>
public sealed record RouteQuestion(ApiCaller Caller, string Model)
{
    public WireProtocol Protocol { get; init; }

    public bool Stream { get; init; } = true;

    /// <summary>What it asks of a model besides text.</summary>
    public RequestNeeds Needs { get; init; }

    /// <summary>0: not known.</summary>
    public long PromptTokens { get; init; }

    public RoutingStrategy? Strategy { get; init; }

    /// <summary>Only providers of this region.</summary>
    public string? Region { get; init; }

    public IReadOnlyList<string> Only { get; init; } = [];

    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Looks at the session's binding, without making or prolonging one.</summary>
    public string? SessionId { get; init; }
}

/// <summary>What the data plane would do: candidates in order, and why the others are out.</summary>
/// <param name="Plan">The plan, in the form of a request's trace.</param>
/// <param name="DecisionUs">Microseconds that planning took.</param>
public sealed record RouteDecision(PlanView Plan, double DecisionUs);
