using AIHigress.Gateway.Features.Models;

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

    /// <summary>The upstream that the session is bound to, and the key of it that answered: asked for first.</summary>
    public (string? Upstream, Guid? Key) Bound { get; init; }

    /// <summary>The key that the session wants of a candidate.</summary>
    public Guid? KeyOf(Candidate candidate) => Bound.Upstream == candidate.Upstream.Key ? Bound.Key : null;

    /// <summary>The plan in one line for the usage record: strategy, candidates with scores, exclusions with reasons.</summary>
    public string Digest()
    {
        var text = new System.Text.StringBuilder(StrategyNames.Of(Strategy), 96);
        foreach (var candidate in Candidates)
        {
            text.Append(';').Append(candidate.Upstream.Provider.Id).Append('/').Append(candidate.Upstream.Model);
            text.Append('=').Append(Math.Round(candidate.Score.Total, 3));
        }

        foreach (var exclusion in Exclusions)
        {
            text.Append(";-").Append(exclusion.Upstream.Provider.Id).Append('/').Append(exclusion.Upstream.Model);
            text.Append('=').Append(exclusion.Reason);
        }

        return text.ToString();
    }
}

/// <summary>An upstream that passed every filter for this request.</summary>
internal sealed class Candidate(string logicalModel, UpstreamRoute upstream, UpstreamState state)
{
    public string LogicalModel { get; } = logicalModel;

    public UpstreamRoute Upstream { get; } = upstream;

    public UpstreamState State { get; } = state;

    public Score Score { get; set; }

    /// <summary>Tried although its circuit is open, because only circuits left nothing else.</summary>
    public bool IgnoresCircuit { get; init; }
}

/// <summary>An upstream that is not a candidate, and the filter that took it out.</summary>
internal readonly record struct Exclusion(string LogicalModel, UpstreamRoute Upstream, string Reason);

/// <summary>The terms of data-plane.md §3, already weighted: Total = Weight − Latency − Error − Cost − Penalty.</summary>
internal readonly record struct Score(double Weight, double Latency, double Error, double Cost, double Penalty)
{
    public double Total => Weight - Latency - Error - Cost - Penalty;
}
