using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Usage;

namespace AIHigress.Gateway.DataPlane.Routing.Explaining;

/// <summary>Runs the planner without sending anything; what it says is what the next request would get.</summary>
internal sealed class RouteDecider(RoutePlanner planner, RouteTables routes, KeyPool keys, ISessionBindings sessions, TimeProvider time) : IRouteDecider
{
    public async ValueTask<RouteDecision> DecideAsync(RouteQuestion question)
    {
        var table = routes.Current;
        var bound = question.SessionId is { } session && table.Resolve(question.Model) is { } route
            ? await sessions.FindAsync(question.Caller, session, route.Id) : null;
        var choices = new RequestChoices(question.Strategy, question.Only, question.Exclude, null);
        using var call = SampleCall.Of(question, choices);
        var query = new RouteQuery(question.Caller, question.Model, choices)
        {
            Call = call,
            IsSample = true,
            Region = question.Region,
            PromptTokens = question.PromptTokens,
            BoundUpstream = bound,
        };
        var started = time.GetTimestamp();
        var plan = planner.Plan(table, query);
        var took = time.GetElapsedTime(started);
        var view = PlanViews.Of(plan);
        return new RouteDecision(view with { Candidates = [.. plan.Candidates.Zip(view.Candidates, WithKey)] }, took.TotalMicroseconds);
    }

    private PlanCandidate WithKey(Candidate candidate, PlanCandidate view) => view with { KeyLabel = keys.Preview(candidate.Upstream.Provider)?.Label };
}
