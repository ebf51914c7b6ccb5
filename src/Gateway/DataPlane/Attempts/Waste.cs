using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Upstream;

namespace AIHigress.Gateway.DataPlane.Attempts;

/// <summary>
/// Tokens that an upstream will bill and nobody got anything of. What it did not report is estimated at four bytes a token: the exact
/// count is not worth the time, as it is never charged.
/// </summary>
internal readonly record struct Waste(long InputTokens, long OutputTokens)
{
    private const int BytesPerToken = 4;

    public static Waste OfPrompt(InboundCall call) => new(call.Length / BytesPerToken, 0);

    /// <summary>Of an attempt that nothing of runs any more, or that is silent.</summary>
    public static Waste Of(InboundCall call, UpstreamReply reply)
    {
        var usage = reply.Plain?.Usage ?? reply.Stream?.Tap.Usage;
        if (usage is { Total: > 0 } known)
        {
            return new Waste(known.Input + known.CachedInput + known.CacheWrite, known.Output + known.Reasoning);
        }

        var text = reply.Plain?.Text.Length ?? reply.Stream?.Tap.Text.Length ?? 0;
        return new Waste(call.Length / BytesPerToken, (text + BytesPerToken - 1) / BytesPerToken);
    }
}
