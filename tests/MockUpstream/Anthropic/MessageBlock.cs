using AIHigress.MockUpstream.Answering;
using static AIHigress.MockUpstream.Sending.JsonText;

namespace AIHigress.MockUpstream.Anthropic;

/// <summary>One content block: whole, as it opens in a stream, and the deltas that fill it.</summary>
internal sealed record MessageBlock(string Whole, string Opening, IReadOnlyList<string> Deltas)
{
    /// <summary>The blocks of a reply: its thinking, its text, its tool calls.</summary>
    public static IEnumerable<MessageBlock> Of(Reply reply, string server, long ordinal)
    {
        if (reply.Thoughts.Count > 0)
        {
            yield return Thinking(reply, Signatures.Make(server, ordinal));
        }

        if (reply.Calls.Count == 0)
        {
            yield return new MessageBlock(TextBlock(reply.Text), TextBlock(""), [.. reply.Pieces.Select(piece => Delta("text_delta", "text", piece))]);
        }

        for (var i = 0; i < reply.Calls.Count; i++)
        {
            yield return ToolUse(reply.Calls[i], $"toolu_{server}_{ordinal}_{i + 1}");
        }
    }

    private static MessageBlock Thinking(Reply reply, string signature) => new(
        ThinkingBlock(reply.Thinking, signature),
        ThinkingBlock("", ""),
        [.. reply.Thoughts.Select(thought => Delta("thinking_delta", "thinking", thought)), Delta("signature_delta", "signature", signature)]);

    private static MessageBlock ToolUse(ScriptedCall call, string id) => new(
        ToolUseBlock(call, id, call.Arguments),
        ToolUseBlock(call, id, "{}"),
        [.. call.Pieces().Prepend("").Select(piece => Delta("input_json_delta", "partial_json", piece))]);

    private static string TextBlock(string text) => Object(("type", "\"text\""), ("text", Quote(text)));

    private static string ThinkingBlock(string thinking, string signature) =>
        Object(("type", "\"thinking\""), ("thinking", Quote(thinking)), ("signature", Quote(signature)));

    private static string ToolUseBlock(ScriptedCall call, string id, string input) =>
        Object(("type", "\"tool_use\""), ("id", Quote(id)), ("name", Quote(call.Name)), ("input", input));

    private static string Delta(string type, string member, string text) => Object(("type", Quote(type)), (member, Quote(text)));
}
