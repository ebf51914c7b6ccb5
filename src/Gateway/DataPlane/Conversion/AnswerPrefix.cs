using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.DataPlane.Conversion;

/// <summary>Asks for the rest of an answer: what has been said stands at the end of the conversation as the assistant's own words.</summary>
internal static class AnswerPrefix
{
    private const int BytesPerToken = 4;

    public static ModelRequest Append(ModelRequest request, string prefix) => request with
    {
        Messages = Messages(request.Messages, prefix),
        MaxTokens = request.MaxTokens is { } most ? Math.Max(1, most - (prefix.Length / BytesPerToken)) : null,

        // What is begun was thought through; and upstreams that think take no such beginning.
        Reasoning = null,
    };

    // A client may have begun the answer itself: then it is one beginning, not two.
    private static IReadOnlyList<Message> Messages(IReadOnlyList<Message> messages, string prefix)
    {
        if (messages.Count > 0 && messages[^1] is { Role: Role.Assistant } last && last.Parts.Count > 0 && last.Parts[^1] is TextPart begun)
        {
            return [.. messages.SkipLast(1), last with { Parts = [.. last.Parts.SkipLast(1), begun with { Text = begun.Text + prefix }] }];
        }

        return [.. messages, new Message(Role.Assistant, [new TextPart(prefix)])];
    }
}
