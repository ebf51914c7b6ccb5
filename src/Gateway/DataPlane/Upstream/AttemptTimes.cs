using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Models.Policies;

namespace AIHigress.Gateway.DataPlane.Upstream;

/// <summary>How long each step of an attempt may take: the provider's word, else the logical model's, else the routing policy's, else the setting.</summary>
/// <param name="FirstToken">Until a stream's first meaningful event.</param>
/// <param name="PlainHeaders">Until a plain answer begins. A plain answer comes when all of it is made, so the first-token
/// time does not fit it; half of the total leaves time for another candidate.</param>
/// <param name="Idle">Silence between two reads.</param>
/// <param name="Total">The whole attempt.</param>
internal readonly record struct AttemptTimes(TimeSpan FirstToken, TimeSpan PlainHeaders, TimeSpan Idle, TimeSpan Total)
{
    public static AttemptTimes For(UpstreamRoute upstream, LogicalRoute? route, PolicyTimeouts policy, DataPlaneOptions options)
    {
        var provider = upstream.Provider;
        var total = provider.TotalTimeout ?? route?.TotalTimeout;
        var longest = total ?? TimeSpan.FromMilliseconds(policy.TotalMs ?? options.RequestTimeoutMs);
        return new AttemptTimes(
            provider.TtftTimeout ?? route?.TtftTimeout ?? TimeSpan.FromMilliseconds(policy.TtftMs ?? options.TtftTimeoutMs),
            total ?? (longest / 2),
            provider.IdleTimeout ?? route?.IdleTimeout ?? TimeSpan.FromMilliseconds(policy.IdleMs ?? options.IdleTimeoutMs),
            longest);
    }
}
