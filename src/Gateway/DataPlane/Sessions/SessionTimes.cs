using AIHigress.Gateway.Features.Models.Policies;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.DataPlane.Sessions;

/// <summary>How long sessions last: by the routing policy where it says so, else by the settings.</summary>
internal sealed class SessionLifetimes(IOptionsMonitor<RoutingSessionOptions> options, RoutingPolicies policies)
{
    public SessionTimes Current
    {
        get
        {
            var (settings, policy) = (options.CurrentValue, policies.Current.Stickiness);
            var binding = !policy.Enabled ? TimeSpan.Zero : policy.TtlSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : settings.Ttl;
            return new SessionTimes(binding, settings.ContextTtl);
        }
    }
}

/// <param name="Binding">Since its last answer, that a session stays with the upstream that gave it; zero: it does not.</param>
/// <param name="Context">Since its last exchange, that its conversation is kept.</param>
internal readonly record struct SessionTimes(TimeSpan Binding, TimeSpan Context)
{
    public TimeSpan Longest => Context > Binding ? Context : Binding;
}
