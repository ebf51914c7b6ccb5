using System.ComponentModel;
using AIHigress.Gateway.Features.Usage;

namespace AIHigress.Gateway.Features.Models.Deciding;

/// <summary>A request to plan for without sending it.</summary>
public sealed record DecideRoute
{
    [Description("A logical model, an alias, or provider/model.")]
    public string? Model { get; init; }

    [Description("The client's protocol: openai_chat (default), openai_responses, anthropic_messages or gemini.")]
    public string? Protocol { get; init; }

    [Description("Whether the answer is wanted as a stream; true when left out.")]
    public bool? Stream { get; init; }

    public DecideFeatures? Features { get; init; }

    [Description("About how long the prompt is.")]
    public int? PromptTokens { get; init; }

    [Description("A strategy instead of the model's own.")]
    public string? Strategy { get; init; }

    [Description("Only providers of this region.")]
    public string? Region { get; init; }

    [Description("Only these providers.")]
    public string[]? Only { get; init; }

    [Description("None of these providers.")]
    public string[]? Exclude { get; init; }

    [Description("As a request with this X-Session-Id; the session is only looked at.")]
    public string? SessionId { get; init; }

    [Description("Plans as this API key: your own, or with routing.read any.")]
    public Guid? ApiKeyId { get; init; }

    [Description("Plans as this user; needs routing.read.")]
    public Guid? AsUser { get; init; }
}

/// <summary>What the request asks of a model besides text.</summary>
public sealed record DecideFeatures
{
    public bool? Tools { get; init; }

    public bool? Vision { get; init; }

    public bool? Audio { get; init; }

    public bool? JsonSchema { get; init; }

    public bool? Reasoning { get; init; }
}

/// <summary>The plan, in the form that a request's trace has too; upstreams at providers that you can't see are only counted.</summary>
/// <param name="Model">As it was asked for.</param>
/// <param name="LogicalModel">What that name means; null when it means nothing to this caller.</param>
/// <param name="Strategy">What put the candidates in order.</param>
/// <param name="Stickiness">What put the first candidate first instead of the strategy: session, maker or prefix.</param>
/// <param name="Candidates">In the order of trying.</param>
/// <param name="Excluded">What a filter took out, and which.</param>
/// <param name="Fallbacks">The logical models that were asked after the first.</param>
/// <param name="Hidden">Upstreams at providers that you can't see.</param>
/// <param name="Error">What the request would be refused with; null when there is a candidate.</param>
/// <param name="EstimatedHold">Credits that would be set aside; null while no price is known.</param>
/// <param name="DecisionUs">Microseconds that planning took.</param>
public sealed record DecideAnswer(
    string Model,
    string? LogicalModel,
    string Strategy,
    string? Stickiness,
    IReadOnlyList<PlanCandidate> Candidates,
    IReadOnlyList<PlanExclusion> Excluded,
    IReadOnlyList<PlanFallback> Fallbacks,
    int Hidden,
    string? Error,
    decimal? EstimatedHold,
    double DecisionUs);
