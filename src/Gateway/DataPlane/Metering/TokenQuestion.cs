using System.Buffers;
using AIHigress.Gateway.DataPlane.Adapters;
using AIHigress.Gateway.DataPlane.Attempts;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.DataPlane.Upstream;
using AIHigress.Wire;
using AIHigress.Wire.Anthropic;
using AIHigress.Wire.Gemini;

namespace AIHigress.Gateway.DataPlane.Metering;

/// <summary>
/// Answers count_tokens and countTokens: by the upstream's own counter where it has one, else (and when that fails) by the tokenizer.
/// A count is never charged and never fails over: the tokenizer is always there.
/// </summary>
internal sealed class TokenQuestion(UpstreamSender sender, TokenCounter counter)
{
    /// <summary>The answer in the client's protocol, and whether the upstream counted.</summary>
    public async Task<(byte[] Body, bool ByUpstream)> AnswerAsync(InboundCall call, LiveAttempt? attempt, Candidate candidate)
    {
        if (attempt is not null && UpstreamAdapters.Of(candidate.Upstream.Provider).Protocol is WireProtocol.Messages or WireProtocol.Gemini
            && await sender.CountAsync(call, candidate.Upstream, attempt.Lease.Key, attempt.Times, attempt.Clock) is { } counted)
        {
            return (Write(call.Protocol, counted), true);
        }

        return (Write(call.Protocol, counter.CountPrompt(candidate.Upstream.Model, call)), false);
    }

    private static byte[] Write(WireProtocol protocol, long tokens)
    {
        var output = new ArrayBufferWriter<byte>(64);
        if (protocol == WireProtocol.Gemini)
        {
            GeminiCountTokens.WriteAnswer(tokens, output);
        }
        else
        {
            TokenCount.Write(output, tokens);
        }

        return output.WrittenSpan.ToArray();
    }
}
