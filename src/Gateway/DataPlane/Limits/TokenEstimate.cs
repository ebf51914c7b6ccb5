using System.Text;
using AIHigress.Gateway.DataPlane.Ingress;

namespace AIHigress.Gateway.DataPlane.Limits;

/// <summary>What a request may use, before anybody has counted: its prompt at four bytes a token, and as much output as it allows.</summary>
internal static class TokenEstimate
{
    /// <summary>For a request that sets no bound to its output.</summary>
    public const long UsualOutput = 500;

    private const int BytesPerToken = 4;
    private const int TokensPerAttachment = 1500;
    private const int ShortestAttachment = 1024;

    public static long Of(InboundCall call)
    {
        if (call.Endpoint.Operation == Operation.CountTokens)
        {
            return 0;
        }

        var prompt = call.ChatHead is { } chat ? (chat.TextBytes + chat.ToolsBytes) / BytesPerToken : PromptOf(call.Body.Span);
        if (call.Endpoint.Operation == Operation.Embeddings)
        {
            return Math.Max(1, call.Length / BytesPerToken);
        }

        if (call.Endpoint.Operation == Operation.Completions)
        {
            prompt = call.Length / BytesPerToken;
        }

        var output = call.ChatHead?.MaxTokens ?? call.Head?.MaxTokens ?? UsualOutput;
        var choices = Math.Max(1, call.ChatHead?.Choices ?? 1);
        return Math.Max(1, prompt) + Math.Min(output, long.MaxValue / 4 / choices) * choices;
    }

    // Between two quotes, much ASCII without a single space is an image or a file; its bytes say nothing of its tokens.
    private static long PromptOf(ReadOnlySpan<byte> body)
    {
        long text = 0;
        var attachments = 0;
        while (!body.IsEmpty)
        {
            var end = body.IndexOf((byte)'"');
            var part = end < 0 ? body : body[..end];
            if (part.Length >= ShortestAttachment && !part.Contains((byte)' ') && Ascii.IsValid(part))
            {
                attachments++;
            }
            else
            {
                text += part.Length;
            }

            body = end < 0 ? [] : body[(end + 1)..];
        }

        return (text / BytesPerToken) + (attachments * TokensPerAttachment);
    }
}
