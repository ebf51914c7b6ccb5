using AIHigress.Gateway.DataPlane.Routing.Circuits;
using AIHigress.Gateway.DataPlane.Routing.Filters;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Providers.Health;
using AIHigress.Wire;

namespace AIHigress.Gateway.DataPlane.Routing;

/// <summary>What will be tried, in order, and why the rest will not. Made once per request, never changed.</summary>
/// <param name="Route">The logical model that was asked for; null when there is none for this caller.</param>
/// <param name="Strategy">The strategy that ordered the candidates.</param>
/// <param name="Candidates">In the order of trying.</param>
/// <param name="Exclusions">Upstreams that a filter took out.</param>
/// <param name="Error">What the client gets when there is no candidate.</param>
internal sealed record RoutePlan(
    LogicalRoute? Route,
    RoutingStrategy Strategy,
    IReadOnlyList<Candidate> Candidates,
    IReadOnlyList<Exclusion> Exclusions,
    GatewayError? Error)
{
    /// <summary>Provider keys that are not to be used: the request belongs to another one.</summary>
    public IReadOnlyList<Guid> ClosedKeys { get; init; } = [];

    /// <summary>The other logical models that were asked after the first, in order.</summary>
    public IReadOnlyList<FallbackStep> Fallbacks { get; init; } = [];

    /// <summary>The upstream that the session is bound to, and the key of it that answered: asked for first.</summary>
    public (string? Upstream, Guid? Key) Bound { get; init; }

    /// <summary>What decided the first candidate instead of the strategy, one of <see cref="Routing.Stickiness"/>; null: nothing did.</summary>
    public string? Stickiness { get; init; }

    /// <summary>The key that the session wants of a candidate.</summary>
    public Guid? KeyOf(Candidate candidate) => Bound.Upstream == candidate.Upstream.Key ? Bound.Key : null;
}

/// <summary>An upstream that passed every filter for this request.</summary>
internal sealed class Candidate(string logicalModel, UpstreamRoute upstream, UpstreamState state)
{
    public string LogicalModel { get; } = logicalModel;

    public UpstreamRoute Upstream { get; } = upstream;

    public UpstreamState State { get; } = state;

    public Score Score { get; set; }

    /// <summary>The place that prompt affinity gives it; the highest is tried first.</summary>
    public double Rank { get; set; }

    /// <summary>How sure the latency is that its score is made of, 0…1.</summary>
    public double LatencyKnown { get; set; }

    /// <summary>How sure the error rate is that its score is made of, 0…1.</summary>
    public double ErrorsKnown { get; set; }

    /// <summary>Tried although its circuit is open, because only circuits left nothing else.</summary>
    public bool IgnoresCircuit { get; set; }

    /// <summary>The circuit when the plan was made.</summary>
    public CircuitPhase Circuit { get; init; }

    /// <summary>The provider's health when the plan was made.</summary>
    public ProviderHealth Health { get; init; }

    /// <summary>Requests that it was serving when the plan was made.</summary>
    public int InFlight { get; init; }

    /// <summary>What had been measured of it when the plan was made.</summary>
    public long Samples { get; init; }

    /// <summary>The weight that traffic has made of the given one, in parts of it; null when the strategy does not look at it.</summary>
    public double? DynamicWeight { get; set; }
}

/// <summary>An upstream that is not a candidate, and the filter that took it out.</summary>
/// <param name="LogicalModel">The model that was asked for, or the fallback.</param>
/// <param name="Upstream">What was left out.</param>
/// <param name="Reason">One of <see cref="Reasons"/>.</param>
internal readonly record struct Exclusion(string LogicalModel, UpstreamRoute Upstream, string Reason)
{
    /// <summary>With <see cref="Reasons.LacksCapability"/>.</summary>
    public RequestNeeds Missing { get; init; }

    /// <summary>With <see cref="Reasons.ContextTooShort"/>.</summary>
    public long PromptTokens { get; init; }

    /// <summary>With <see cref="Reasons.Unsupported"/>: the fields that would be lost.</summary>
    public IReadOnlyList<string>? Fields { get; init; }

    /// <summary>Until it can be used again, if that is known.</summary>
    public TimeSpan? Wait { get; init; }

    public string Text => Reasons.Text(this);
}

/// <summary>The terms of data-plane.md §3, already weighted: Total = Weight − Latency − Error − Cost − Penalty.</summary>
/// <param name="Weight">Of the strategies that have no terms, what they go by: a load, a draw.</param>
/// <param name="Latency">Of streams the time to first token, of plain answers the duration.</param>
/// <param name="Error">The error rate.</param>
/// <param name="Cost">Null while nothing is known of the price; then it counts as 0.</param>
/// <param name="Penalty">A degraded provider, a circuit on trial.</param>
internal readonly record struct Score(double Weight, double Latency, double Error, double? Cost, double Penalty)
{
    public double Total => Weight - Latency - Error - (Cost ?? 0) - Penalty;
}
