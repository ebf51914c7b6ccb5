using AIHigress.MockUpstream.Answering;
using static AIHigress.MockUpstream.Sending.JsonText;

namespace AIHigress.MockUpstream.Responses;

/// <summary>An event of the stream but for its number.</summary>
internal sealed record ResponseStep(string Type, params IReadOnlyList<(string Name, string? Json)> Members);

/// <summary>One output item: as it opens in a stream, the steps that fill it, and whole.</summary>
internal sealed record ResponseItem(string Id, string Opening, string Whole, IReadOnlyList<ResponseStep> Inside)
{
    private static readonly (string Name, string? Json) First = ("content_index", "0");
    private static readonly (string Name, string? Json) FirstSummary = ("summary_index", "0");
    private static readonly (string Name, string? Json) NoProbabilities = ("logprobs", "[]");

    public IEnumerable<ResponseStep> Steps(int index)
    {
        (string Name, string? Json) place = ("output_index", index.ToString());
        (string Name, string? Json) id = ("item_id", Quote(Id));
        return
        [
            new("response.output_item.added", place, ("item", Opening)),
            .. Inside.Select(step => new ResponseStep(step.Type, [id, place, .. step.Members])),
            new("response.output_item.done", place, ("item", Whole)),
        ];
    }

    public static ResponseItem Reasoning(Reply reply, string id, string? encrypted)
    {
        string Item(string summary) => Object(
            ("id", Quote(id)), ("type", "\"reasoning\""), ("summary", summary), ("encrypted_content", encrypted is null ? null : Quote(encrypted)));
        string Part(string text) => Object(("type", "\"summary_text\""), ("text", Quote(text)));
        return new ResponseItem(id, Item("[]"), Item($"[{Part(reply.Thinking)}]"),
        [
            new("response.reasoning_summary_part.added", FirstSummary, ("part", Part(""))),
            .. reply.Thoughts.Select(thought => new ResponseStep("response.reasoning_summary_text.delta", FirstSummary, ("delta", Quote(thought)))),
            new("response.reasoning_summary_text.done", FirstSummary, ("text", Quote(reply.Thinking))),
            new("response.reasoning_summary_part.done", FirstSummary, ("part", Part(reply.Thinking))),
        ]);
    }

    public static ResponseItem Message(Reply reply, string id, string status)
    {
        var refused = reply.End == ReplyEnd.Refused;
        var kind = refused ? "refusal" : "output_text";
        var said = refused ? "refusal" : "text";
        string Part(string text) => refused
            ? Object(("type", "\"refusal\""), ("refusal", Quote(text)))
            : Object(("type", "\"output_text\""), ("annotations", "[]"), NoProbabilities, ("text", Quote(text)));
        string Item(string state, string content) => Object(
            ("id", Quote(id)), ("type", "\"message\""), ("status", Quote(state)), ("content", content), ("role", "\"assistant\""));
        (string Name, string? Json) probabilities = refused ? ("logprobs", null) : NoProbabilities;
        return new ResponseItem(id, Item("in_progress", "[]"), Item(status, $"[{Part(reply.Text)}]"),
        [
            new("response.content_part.added", First, ("part", Part(""))),
            .. reply.Pieces.Select(piece => new ResponseStep($"response.{kind}.delta", First, ("delta", Quote(piece)), probabilities)),
            new($"response.{kind}.done", First, (said, Quote(reply.Text)), probabilities),
            new("response.content_part.done", First, ("part", Part(reply.Text))),
        ]);
    }

    public static ResponseItem Call(ScriptedCall call, string id, string callId)
    {
        var (type, argument, prefix) = call.IsFreeform
            ? ("custom_tool_call", "input", "response.custom_tool_call_input")
            : ("function_call", "arguments", "response.function_call_arguments");
        string Item(string status, string arguments) => Object(
            ("id", Quote(id)), ("type", Quote(type)), ("status", Quote(status)), (argument, Quote(arguments)), ("call_id", Quote(callId)),
            ("name", Quote(call.Name)), ("namespace", call.Namespace is { } space ? Quote(space) : null));
        return new ResponseItem(id, Item("in_progress", ""), Item("completed", call.Arguments),
        [
            .. call.Pieces().Select(piece => new ResponseStep($"{prefix}.delta", ("delta", Quote(piece)))),
            new($"{prefix}.done", (argument, Quote(call.Arguments)), ("name", call.IsFreeform ? null : Quote(call.Name))),
        ]);
    }
}
