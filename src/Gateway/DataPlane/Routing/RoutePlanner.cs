using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Routing.Affinity;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Models;

namespace AIHigress.Gateway.DataPlane.Routing;

/// <summary>
/// Stage 4: turns a model name into an ordered list of candidates. Filters first, each leaving a reason; then the
/// strategy orders each logical model's upstreams; the logical model's fallbacks follow.
/// </summary>
internal sealed class RoutePlanner(CandidateFilter filter, CandidateOrder order)
{
    /// <param name="table">The routes at the time of the request.</param>
    /// <param name="query">Who asks for what.</param>
    public RoutePlan Plan(RouteTable table, RouteQuery query)
    {
        var (caller, model, choices) = query;
        var call = query.Call;
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
        filter.Apply(route, caller, choices, call, found);
        if (!found.AnyVisible)
        {
            return Refused(null, choices, GatewayError.ModelNotFound(model));
        }

        var strategy = choices.Strategy ?? route.Strategy ?? order.Default;
        var prefix = PrefixOf(route, caller, call);
        order.Sort(found.Candidates, 0, strategy, IsStream(call), prefix);
        AddFallbacks(table, caller, route, choices, call, strategy, found);
        if (query.BoundUpstream is { } bound)
        {
            MoveToFront(found.Candidates, c => c.Upstream.Key == bound);
        }

        if (query.PreferredProvider is { } preferred)
        {
            MoveToFront(found.Candidates, c => c.Upstream.Provider.Id == preferred);
        }

        if (found.Candidates.Count == 0 && found.FirstOpened is { } opened)
        {
            // Our own guess never refuses a request: the circuit that opened first is tried anyway.
            found.Candidates.Add(opened);
        }

        var error = found.Candidates.Count == 0 ? found.Refusal() : null;
        return new RoutePlan(route, strategy, found.Candidates, found.Exclusions, error) { IsByPrefix = prefix is not null };
    }

    private void AddFallbacks(
        RouteTable table, ApiCaller caller, LogicalRoute route, RequestChoices choices, InboundCall? call, RoutingStrategy strategy, FilterResult found)
    {
        foreach (var name in route.Fallbacks)
        {
            if (table.Resolve(name) is { Enabled: true } fallback && caller.MayUseModel(fallback.Id))
            {
                var first = found.Candidates.Count;
                filter.Apply(fallback, caller, choices, call, found);
                order.Sort(found.Candidates, first, choices.Strategy ?? fallback.Strategy ?? strategy, IsStream(call), PrefixOf(fallback, caller, call));
            }
        }
    }

    private static void MoveToFront(List<Candidate> candidates, Predicate<Candidate> isIt)
    {
        if (candidates.FindIndex(isIt) is var place and > 0)
        {
            var first = candidates[place];
            candidates.RemoveAt(place);
            candidates.Insert(0, first);
        }
    }

    // A decision without a request is about a stream: the usual case.
    private static bool IsStream(InboundCall? call) => call?.Stream ?? true;

    private static ulong? PrefixOf(LogicalRoute route, ApiCaller caller, InboundCall? call) =>
        route.Affinity == PromptAffinity.Prefix && route.Upstreams.Count > 1 && call is not null ? PromptPrefix.DigestOf(call, caller.UserId ?? caller.KeyId) : null;

    private RoutePlan Refused(LogicalRoute? route, RequestChoices choices, GatewayError error) =>
        new(route, choices.Strategy ?? route?.Strategy ?? order.Default, [], [], error);
}
