using AIHigress.Gateway.Features.Models;

namespace AIHigress.Gateway.DataPlane.Upstream;

/// <summary>How long each step of an attempt may take: the provider's word, else the logical model's, else the setting.</summary>
/// <param name="FirstToken">Until a stream's first meaningful event.</param>
/// <param name="PlainHeaders">Until a plain answer begins. A plain answer comes when all of it is made, so the first-token
/// time does not fit it; half of the total leaves time for another candidate.</param>
/// <param name="Idle">Silence between two reads.</param>
/// <param name="Total">The whole attempt.</param>
internal readonly record struct AttemptTimes(TimeSpan FirstToken, TimeSpan PlainHeaders, TimeSpan Idle, TimeSpan Total)
{
    public static AttemptTimes For(UpstreamRoute upstream, LogicalRoute? route, DataPlaneOptions options)
    {
        var provider = upstream.Provider;
        var total = provider.TotalTimeout ?? route?.TotalTimeout;
        var longest = total ?? TimeSpan.FromMilliseconds(options.RequestTimeoutMs);
        return new AttemptTimes(
            provider.TtftTimeout ?? route?.TtftTimeout ?? TimeSpan.FromMilliseconds(options.TtftTimeoutMs),
            total ?? (longest / 2),
            provider.IdleTimeout ?? route?.IdleTimeout ?? TimeSpan.FromMilliseconds(options.IdleTimeoutMs),
            longest);
    }
}
