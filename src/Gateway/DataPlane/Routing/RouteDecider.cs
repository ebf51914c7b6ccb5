using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.Features.Models;

namespace AIHigress.Gateway.DataPlane.Routing;

/// <summary>Runs the planner without sending anything; what it says is what the next request would get.</summary>
internal sealed class RouteDecider(RoutePlanner planner, RouteTables routes, KeyPool keys, TimeProvider time) : IRouteDecider
{
    public RouteDecision Decide(RouteQuestion question)
    {
        var choices = new RequestChoices(question.Strategy, question.Only, question.Exclude, null);
        var started = time.GetTimestamp();
        var plan = planner.Plan(routes.Current, new RouteQuery(question.Caller, question.Model, choices));
        var took = time.GetElapsedTime(started);
        return new RouteDecision(
            question.Model,
            plan.Route?.Id,
            StrategyNames.Of(plan.Strategy),
            [.. plan.Candidates.Select((candidate, i) => View(candidate, i + 1))],
            [.. plan.Exclusions.Select(e => new ExcludedCandidate(e.LogicalModel, e.Upstream.Provider.Id, e.Upstream.Model, e.Reason))],
            plan.Error?.Code,
            took.TotalMicroseconds);
    }

    private DecidedCandidate View(Candidate candidate, int rank) => new(
        rank,
        candidate.LogicalModel,
        candidate.Upstream.Provider.Id,
        candidate.Upstream.Model,
        candidate.Score.Total,
        candidate.Score.Weight,
        candidate.Score.Latency,
        candidate.Score.Error,
        candidate.Score.Cost,
        candidate.Score.Penalty,
        keys.Preview(candidate.Upstream.Provider)?.Label,
        candidate.State.Circuit.Phase switch
        {
            CircuitPhase.Closed => "closed",
            CircuitPhase.Open => "open",
            _ => "half_open",
        },
        candidate.State.InFlight,
        candidate.State.Measured.Samples);
}
