using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Wire;

namespace AIHigress.Gateway.DataPlane.Routing;

/// <summary>What a plan is made for: everything that filters, scores and stickiness look at, for a request as for a decision.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Model">The name that was asked for.</param>
/// <param name="Choices">The caller's wishes.</param>
internal sealed record RouteQuery(ApiCaller Caller, string Model, RequestChoices Choices)
{
    /// <summary>What is asked, for the filters that look at it; null: anything.</summary>
    public InboundCall? Call
    {
        get;
        init
        {
            field = value;
            if (value is not null)
            {
                Needs = value.Needs;
                PromptTokens = value.EstimatedPromptTokens;
                Stream = value.Stream;
            }
        }
    }

    /// <summary>What the request asks of a model besides text.</summary>
    public RequestNeeds Needs { get; init; }

    /// <summary>About how long the prompt is; 0: not known.</summary>
    public long PromptTokens { get; init; }

    /// <summary>The call stands for one of which only the kind is known: its bytes say nothing.</summary>
    public bool IsSample { get; init; }

    /// <summary>Only providers of this region; null: anywhere.</summary>
    public string? Region { get; init; }

    /// <summary>The answer is wanted as a stream: the usual case.</summary>
    public bool Stream { get; init; } = true;

    /// <summary>The upstream (<see cref="Features.Models.UpstreamRoute.Key"/>) that the session is bound to: first while it is a candidate.</summary>
    public string? BoundUpstream { get; init; }

    /// <summary>The provider that made what only its maker can read: first of all, if it is a candidate.</summary>
    public string? PreferredProvider { get; init; }
}
