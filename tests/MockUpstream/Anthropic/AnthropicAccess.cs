using AIHigress.MockUpstream.Answering;
using AIHigress.MockUpstream.Sending;

namespace AIHigress.MockUpstream.Anthropic;

/// <summary>What every request to Anthropic must carry.</summary>
internal static class AnthropicAccess
{
    public const string VersionHeader = "anthropic-version";

    /// <exception cref="RequestRefusedException">The key is wrong or the version missing.</exception>
    public static void Check(Exchange exchange)
    {
        if (!exchange.Mock.Accepts(exchange.Key))
        {
            throw new RequestRefusedException(AnthropicErrors.WrongKey);
        }

        if (!exchange.Context.Request.Headers.ContainsKey(VersionHeader))
        {
            throw new RequestRefusedException(400, "anthropic-version: header is required");
        }
    }
}
