using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Upstream.Taps;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Providers;

namespace AIHigress.Gateway.DataPlane.Upstream;

/// <summary>One try: what is asked, of whom, within which times.</summary>
internal sealed record AttemptOrder(
    InboundCall Call, UpstreamRoute Upstream, ProviderKeyRoute? Key, AttemptTimes Times, AttemptClock Clock, Guid RequestId)
{
    /// <summary>The speed that a stream must show before it is handed over; null: any.</summary>
    public double? MinCharsPerSecond { get; init; }

    /// <summary>A stream is read and written anew, so that another upstream may go on with it.</summary>
    public bool MayBeContinued { get; init; }

    /// <summary>The answer, begun by another upstream, that this one is to go on with.</summary>
    public ContinuedAnswer? Continues { get; init; }
}
