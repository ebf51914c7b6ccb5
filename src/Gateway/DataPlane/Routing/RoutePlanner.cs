using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Routing.Affinity;
using AIHigress.Gateway.DataPlane.Routing.Filters;
using AIHigress.Gateway.Features.Models;

namespace AIHigress.Gateway.DataPlane.Routing;

/// <summary>
/// Stage 4: turns a model name into an ordered list of candidates. Filters first, each leaving a reason; then the
/// strategy orders each logical model's upstreams; the logical model's fallbacks follow. Changes nothing: the same code explains.
/// </summary>
internal sealed class RoutePlanner(CandidateFilter filter, CandidateOrder order)
{
    /// <param name="table">The routes at the time of the request.</param>
    /// <param name="query">Who asks for what.</param>
    public RoutePlan Plan(RouteTable table, RouteQuery query)
    {
        var (caller, model, choices) = query;
        var route = table.Resolve(model);
        if (route is null || !caller.MayUseModel(route.Id))
        {
            return Refused(null, choices, GatewayError.ModelNotFound(model));
        }

        if (!route.Enabled)
        {
            return Refused(route, choices, GatewayError.ModelDisabled(model));
        }

        var found = new FilterResult();
        filter.Apply(route, query, found);
        if (!found.AnyVisible)
        {
            return Refused(null, choices, GatewayError.ModelNotFound(model)) with { Exclusions = found.Exclusions };
        }

        var strategy = choices.Strategy ?? route.Strategy ?? order.Default;
        var prefix = PrefixOf(route, query);
        order.Sort(found.Candidates, 0, strategy, query.Stream, prefix);
        var fallbacks = route.Fallbacks.Count == 0 ? [] : AddFallbacks(table, route, query, strategy, found);
        var stickiness = Stick(query, found.Candidates) ?? (prefix is null ? null : Stickiness.Prefix);
        if (found.Candidates.Count == 0 && found.FirstShut is { } shut)
        {
            // Our own guess never refuses a request: what has been shut longest is tried anyway.
            shut.IgnoresCircuit = true;
            found.Candidates.Add(shut);
        }

        var error = found.Candidates.Count == 0 ? found.Refusal() : null;
        return new RoutePlan(route, strategy, found.Candidates, found.Exclusions, error) { Fallbacks = fallbacks, Stickiness = stickiness };
    }

    private FallbackStep[] AddFallbacks(RouteTable table, LogicalRoute route, RouteQuery query, RoutingStrategy strategy, FilterResult found)
    {
        var steps = new FallbackStep[route.Fallbacks.Count];
        for (var i = 0; i < steps.Length; i++)
        {
            var name = route.Fallbacks[i];
            var fallback = table.Resolve(name);
            var reason = fallback is null ? FallbackStep.Unknown
                : !query.Caller.MayUseModel(fallback.Id) ? FallbackStep.NotAllowed
                : !fallback.Enabled ? FallbackStep.Disabled : null;
            steps[i] = new FallbackStep(name, reason);
            if (reason is null)
            {
                var first = found.Candidates.Count;
                filter.Apply(fallback!, query, found);
                order.Sort(found.Candidates, first, query.Choices.Strategy ?? fallback!.Strategy ?? strategy, query.Stream, PrefixOf(fallback!, query));
            }
        }

        return steps;
    }

    /// <summary>Moves who must or should answer to the front, and says why: the maker of what only it can read before the session's upstream.</summary>
    private static string? Stick(RouteQuery query, List<Candidate> candidates)
    {
        string? why = null;
        if (query.BoundUpstream is { } bound && Find(candidates, bound, provider: false) is var session and >= 0)
        {
            MoveToFront(candidates, session);
            why = Stickiness.Session;
        }

        if (query.PreferredProvider is { } preferred && Find(candidates, preferred, provider: true) is var maker and >= 0)
        {
            MoveToFront(candidates, maker);
            why = Stickiness.Maker;
        }

        return why;
    }

    private static int Find(List<Candidate> candidates, string name, bool provider)
    {
        for (var i = 0; i < candidates.Count; i++)
        {
            if ((provider ? candidates[i].Upstream.Provider.Id : candidates[i].Upstream.Key) == name)
            {
                return i;
            }
        }

        return -1;
    }

    private static void MoveToFront(List<Candidate> candidates, int place)
    {
        if (place > 0)
        {
            var first = candidates[place];
            candidates.RemoveAt(place);
            candidates.Insert(0, first);
        }
    }

    // Without a request's bytes nothing is known of its beginning.
    private static ulong? PrefixOf(LogicalRoute route, RouteQuery query) =>
        route.Affinity == PromptAffinity.Prefix && route.Upstreams.Count > 1 && query is { IsSample: false, Call: { } call }
            ? PromptPrefix.DigestOf(call, query.Caller.UserId ?? query.Caller.KeyId) : null;

    private RoutePlan Refused(LogicalRoute? route, RequestChoices choices, GatewayError error) =>
        new(route, choices.Strategy ?? route?.Strategy ?? order.Default, [], [], error);
}
