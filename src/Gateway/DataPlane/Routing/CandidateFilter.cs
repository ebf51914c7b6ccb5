using AIHigress.Gateway.DataPlane.Adapters;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Providers.Health;

namespace AIHigress.Gateway.DataPlane.Routing;

/// <summary>The filters of data-plane.md §3, in order. A provider that the caller may not see leaves no trace at all.</summary>
internal sealed class CandidateFilter(UpstreamBoard board, KeyPool keys, ProviderHealthBoard? health = null)
{
    public void Apply(LogicalRoute route, ApiCaller caller, RequestChoices choices, InboundCall? call, FilterResult found)
    {
        foreach (var upstream in route.Upstreams)
        {
            if (!upstream.Provider.IsVisibleTo(caller) || upstream.Provider.OperationStatus == OperationStatus.Offline)
            {
                continue;
            }

            found.AnyVisible = true;
            var state = board.Upstream(upstream.Key);
            if (Reason(upstream, state, choices, call, found) is { } reason)
            {
                found.Exclusions.Add(new Exclusion(route.Id, upstream, reason));
                if (reason is "circuit_open" or "health_down")
                {
                    found.AddOpened(new Candidate(route.Id, upstream, state) { IgnoresCircuit = true });
                }
            }
            else
            {
                found.Candidates.Add(new Candidate(route.Id, upstream, state));
            }
        }
    }

    private string? Reason(UpstreamRoute upstream, UpstreamState state, RequestChoices choices, InboundCall? call, FilterResult found)
    {
        var provider = upstream.Provider;
        if (!upstream.Enabled)
        {
            return "upstream_disabled";
        }

        if (provider.OperationStatus != OperationStatus.Active)
        {
            return "provider_paused";
        }

        if (call?.SealedBy is { } maker && maker != provider.Id && UpstreamAdapters.Of(provider).TakesBytes(call))
        {
            return "sealed_elsewhere";
        }

        if (call is not null && IsLost(call, provider, found))
        {
            return "unsupported";
        }

        if ((choices.Only.Count > 0 && !choices.Only.Contains(provider.Id)) || choices.Exclude.Contains(provider.Id))
        {
            found.AnyExcludedByHeader = true;
            return "excluded_by_header";
        }

        if (keys.Availability(provider) is { Usable: false } busy)
        {
            found.AddRecovery(busy.Wait);
            return busy.Reason;
        }

        if (health?.Of(provider.Id) == ProviderHealth.Down)
        {
            return "health_down";
        }

        return state.Circuit.MayPass ? null : "circuit_open";
    }

    // Own protocol, own bytes: nothing is decoded, nothing can be lost.
    private static bool IsLost(InboundCall call, ProviderRoute provider, FilterResult found)
    {
        var losses = call.LossesTo(UpstreamAdapters.Of(provider).Protocol);
        if (losses.Refused.Count == 0 && (!call.Choices.Strict || losses.Dropped.Count == 0))
        {
            return false;
        }

        found.AddUnsupported(losses.Refused.Count > 0 ? losses.Refused : losses.Dropped);
        return true;
    }
}

/// <summary>What the filters left, over a logical model and its fallbacks.</summary>
internal sealed class FilterResult
{
    public List<Candidate> Candidates { get; } = new(4);

    public List<Exclusion> Exclusions { get; } = [];

    public bool AnyVisible { get; set; }

    public bool AnyExcludedByHeader { get; set; }

    /// <summary>Of the candidates that only an open circuit keeps out, the one that opened first.</summary>
    public Candidate? FirstOpened { get; private set; }

    /// <summary>What some provider could not take: the shortest list.</summary>
    private IReadOnlyList<string>? Unsupported { get; set; }

    private TimeSpan? Recovery { get; set; }

    public void AddUnsupported(IReadOnlyList<string> fields)
    {
        if (Unsupported is null || fields.Count < Unsupported.Count)
        {
            Unsupported = fields;
        }
    }

    public void AddOpened(Candidate candidate)
    {
        if (FirstOpened is null || candidate.State.Circuit.OpenedAt < FirstOpened.State.Circuit.OpenedAt)
        {
            FirstOpened = candidate;
        }
    }

    public void AddRecovery(TimeSpan? wait)
    {
        if (wait is { } span && (Recovery is null || span < Recovery))
        {
            Recovery = span;
        }
    }

    /// <summary>What the client gets when nothing is left.</summary>
    public GatewayError Refusal()
    {
        if (Unsupported is { } fields && Exclusions.TrueForAll(e => e.Reason is "unsupported" or "excluded_by_header" or "upstream_disabled"))
        {
            return GatewayError.Unsupported(fields);
        }

        if (Exclusions.Count > 0 && Exclusions.TrueForAll(e => e.Reason == "excluded_by_header"))
        {
            return GatewayError.Invalid("X-Route-Providers and X-Route-Exclude leave no provider for this model. Name others, or leave the headers out.");
        }

        if (Exclusions.Exists(e => e.Reason == "sealed_elsewhere"))
        {
            return GatewayError.SealedElsewhere(Recovery);
        }

        return GatewayError.NoProvider("No provider can take this request at the moment.", Recovery);
    }
}
