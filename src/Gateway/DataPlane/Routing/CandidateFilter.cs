using AIHigress.Gateway.DataPlane.Adapters;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Routing.Circuits;
using AIHigress.Gateway.DataPlane.Routing.Filters;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Providers.Health;
using AIHigress.Gateway.Features.Providers.Proxies;
using AIHigress.Wire;

namespace AIHigress.Gateway.DataPlane.Routing;

/// <summary>The filters of data-plane.md §3, in their order. Each that takes an upstream out leaves its own reason.</summary>
internal sealed class CandidateFilter(UpstreamBoard board, KeyPool keys, ProviderHealthBoard? health = null, IRouteBudget? budget = null, ProxyPool? proxies = null)
{
    private readonly ProviderHealthBoard _health = health ?? new ProviderHealthBoard();
    private readonly IRouteBudget _budget = budget ?? new FreeOfCharge();

    public void Apply(LogicalRoute route, RouteQuery query, FilterResult found)
    {
        var upstreams = route.Upstreams;
        found.Candidates.EnsureCapacity(found.Candidates.Count + upstreams.Count);
        for (var i = 0; i < upstreams.Count; i++)
        {
            var upstream = upstreams[i];
            if (Sight(upstream.Provider, query.Caller) is { } hidden)
            {
                found.Exclude(new Exclusion(route.Id, upstream, hidden));
                continue;
            }

            found.AnyVisible = true;
            var wish = WishReason(route.Id, upstream, query, found);
            var left = StandingReason(route.Id, upstream) ?? FitReason(route.Id, upstream, query, found, counts: wish is null) ?? wish;
            if (left is { } exclusion)
            {
                found.Exclude(exclusion);
                continue;
            }

            Weigh(route.Id, upstream, query, found);
        }
    }

    /// <summary>Providers that the caller may not know of.</summary>
    private static string? Sight(ProviderRoute provider, ApiCaller caller)
    {
        if (!provider.IsOpenTo(caller.UserId))
        {
            return provider.Visibility == ProviderVisibility.Shared ? Reasons.NotShared : Reasons.Private;
        }

        if (provider.OperationStatus == OperationStatus.Offline)
        {
            return Reasons.Offline;
        }

        if (!provider.IsApproved)
        {
            return Reasons.NotApproved;
        }

        return caller.MayUseProvider(provider.Id) ? null : Reasons.NotAllowedForKey;
    }

    /// <summary>What people switched off.</summary>
    private static Exclusion? StandingReason(string model, UpstreamRoute upstream)
    {
        if (upstream.Provider.OperationStatus != OperationStatus.Active)
        {
            return new Exclusion(model, upstream, Reasons.Paused);
        }

        return upstream.Enabled ? null : new Exclusion(model, upstream, upstream.WhyOff ?? Reasons.Disabled);
    }

    /// <summary>What the request needs and this upstream has not; unknown abilities may be asked for anything.</summary>
    private static Exclusion? FitReason(string model, UpstreamRoute upstream, RouteQuery query, FilterResult found, bool counts)
    {
        var one = counts ? 1 : 0;
        found.Fit += one;
        if (upstream.Abilities is { } abilities && (query.Needs & ~abilities) is var missing and not RequestNeeds.None)
        {
            found.AddUnsupported(Reasons.List(missing));
            return new Exclusion(model, upstream, Reasons.LacksCapability) { Missing = missing };
        }

        if (upstream.ContextLength is { } context && query.PromptTokens > context)
        {
            found.AddTooLong(context);
            return new Exclusion(model, upstream, Reasons.ContextTooShort) { PromptTokens = query.PromptTokens };
        }

        if (query.Call is { } call)
        {
            if (call.SealedBy is { } maker && maker != upstream.Provider.Id && UpstreamAdapters.Of(upstream.Provider).TakesBytes(call))
            {
                found.Fit -= one;
                return new Exclusion(model, upstream, Reasons.SealedElsewhere);
            }

            if (Lost(call, upstream.Provider) is { } fields)
            {
                found.AddUnsupported(fields);
                return new Exclusion(model, upstream, Reasons.Unsupported) { Fields = fields };
            }
        }

        found.Fitting += one;
        return null;
    }

    // Own protocol, own bytes: nothing is decoded, nothing can be lost.
    private static IReadOnlyList<string>? Lost(InboundCall call, ProviderRoute provider)
    {
        var losses = call.LossesTo(UpstreamAdapters.Of(provider).Protocol);
        if (losses.Refused.Count > 0)
        {
            return losses.Refused;
        }

        return call.Choices.Strict && losses.Dropped.Count > 0 ? losses.Dropped : null;
    }

    private static Exclusion? WishReason(string model, UpstreamRoute upstream, RouteQuery query, FilterResult found)
    {
        var (id, choices) = (upstream.Provider.Id, query.Choices);
        if (query.Region is { } region && upstream.Provider.Region != region)
        {
            return new Exclusion(model, upstream, Reasons.OtherRegion);
        }

        if ((choices.Only.Count == 0 || Has(choices.Only, id)) && (choices.Exclude.Count == 0 || !Has(choices.Exclude, id)))
        {
            return null;
        }

        found.AnyExcludedByHeader = true;
        return new Exclusion(model, upstream, Reasons.ExcludedByHeader);
    }

    private static bool Has(IReadOnlyList<string> ids, string id)
    {
        for (var i = 0; i < ids.Count; i++)
        {
            if (ids[i] == id)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What changes by the moment: health, circuit, room, money.</summary>
    private void Weigh(string model, UpstreamRoute upstream, RouteQuery query, FilterResult found)
    {
        var state = board.Of(upstream);
        var standing = _health.Of(upstream.Provider.Id);
        var candidate = new Candidate(model, upstream, state) { Health = standing, Circuit = state.Circuit.Phase, InFlight = state.InFlight, Samples = state.Measured.Samples };
        var shut = Shut(candidate);
        if (proxies?.CanReach(upstream.Provider) == false)
        {
            found.Exclude(new Exclusion(model, upstream, Reasons.NoProxy));
            return;
        }

        if (keys.Availability(upstream.Provider) is { Usable: false } busy)
        {
            // An open circuit is said first: waiting for a place would not help.
            found.AddRecovery(busy.Wait);
            found.Exclude(new Exclusion(model, upstream, shut ?? busy.Reason!) { Wait = shut is null ? busy.Wait : null });
            return;
        }

        if (!_budget.Affords(query, upstream))
        {
            found.Exclude(new Exclusion(model, upstream, shut ?? Reasons.OverBudget));
            return;
        }

        if (shut is not null)
        {
            found.Exclude(new Exclusion(model, upstream, shut));
            found.AddShut(candidate);
            return;
        }

        found.Candidates.Add(candidate);
    }

    private static string? Shut(Candidate candidate) => candidate switch
    {
        { Health: ProviderHealth.Down } => Reasons.HealthDown,
        { Circuit: CircuitPhase.Open } => Reasons.CircuitOpen,
        { Circuit: CircuitPhase.Trial } => Reasons.CircuitOnTrial,
        _ => null,
    };
}
