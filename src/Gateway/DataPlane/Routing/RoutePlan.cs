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

    /// <summary>The prompt's beginning, not the strategy, put the candidates in order.</summary>
    public bool IsByPrefix { get; init; }

    /// <summary>The plan in one line for the usage record: strategy, candidates with scores, exclusions with reasons.</summary>
    public string Digest()
    {
        var text = new System.Text.StringBuilder(StrategyNames.Of(Strategy), 96).Append(IsByPrefix ? "+prefix" : "");
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

    /// <summary>The place that prompt affinity gives it; the highest is tried first.</summary>
    public double Rank { get; set; }

    /// <summary>How sure the latency is that its score is made of, 0…1.</summary>
    public double LatencyKnown { get; set; }

    /// <summary>How sure the error rate is that its score is made of, 0…1.</summary>
    public double ErrorsKnown { get; set; }

    /// <summary>Tried although its circuit is open, because only circuits left nothing else.</summary>
    public bool IgnoresCircuit { get; init; }
}

/// <summary>An upstream that is not a candidate, and the filter that took it out.</summary>
internal readonly record struct Exclusion(string LogicalModel, UpstreamRoute Upstream, string Reason);

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
