using AIHigress.Gateway.Features.Identity;

namespace AIHigress.Gateway.Features.Models;

/// <summary>Plans without sending; implemented by the data plane with the very code that plans real requests.</summary>
public interface IRouteDecider
{
    RouteDecision Decide(RouteQuestion question);
}

/// <summary>A request to plan for.</summary>
public sealed record RouteQuestion(
    ApiCaller Caller,
    string Model,
    RoutingStrategy? Strategy,
    IReadOnlyList<string> Only,
    IReadOnlyList<string> Exclude);

/// <summary>What the data plane would do: candidates in order, and why the others are out.</summary>
/// <param name="Error">Null, or the error code the client would get.</param>
public sealed record RouteDecision(
    string Model,
    string? LogicalModel,
    string Strategy,
    IReadOnlyList<DecidedCandidate> Candidates,
    IReadOnlyList<ExcludedCandidate> Excluded,
    string? Error,
    double DecisionUs);

/// <summary>One candidate with the terms of its score; terms are already weighted by the strategy's coefficients.</summary>
public sealed record DecidedCandidate(
    int Rank,
    string LogicalModel,
    string Provider,
    string Model,
    double Score,
    double WeightTerm,
    double LatencyTerm,
    double ErrorTerm,
    double? CostTerm,
    double PenaltyTerm,
    string? KeyLabel,
    string Circuit,
    int InFlight,
    long Samples);

/// <summary>One upstream that is not a candidate, with the filter that took it out.</summary>
public sealed record ExcludedCandidate(string LogicalModel, string Provider, string Model, string Reason);
