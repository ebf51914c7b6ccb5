using AIHigress.MockUpstream.Answering;
using AIHigress.MockUpstream.Scripting;
using AIHigress.MockUpstream.Sending;
using static AIHigress.MockUpstream.Sending.JsonText;

namespace AIHigress.MockUpstream.Gemini;

/// <summary>A reply as Google's GenerateContentResponse, whole or in chunks.</summary>
internal sealed class GenerateAnswer(string model, Reply reply, Behaviour behaviour, string server, long ordinal)
{
    private readonly string? _signature = reply.Thoughts.Count > 0 ? Signatures.Make(server, ordinal) : null;

    private string FinishReason => behaviour.FinishReason ?? (reply.End == ReplyEnd.Length ? "MAX_TOKENS" : "STOP");

    public string Body()
    {
        if (reply.End == ReplyEnd.Refused)
        {
            return Blocked();
        }

        IEnumerable<string> thoughts = reply.Thoughts.Count > 0 ? [Thought(reply.Thinking, isLast: true)] : [];
        IEnumerable<string> texts = reply.Calls.Count == 0 ? [Text(reply.Text)] : [];
        return Response([.. thoughts, .. texts, .. reply.Calls.Select(Call)], FinishReason, reply.Usage);
    }

    /// <summary>The chunks: one for each thought, piece and call, and one that tells why it ends.</summary>
    public IReadOnlyList<StreamEvent> Chunks()
    {
        if (reply.End == ReplyEnd.Refused)
        {
            return [new StreamEvent(Blocked())];
        }

        string[] parts =
        [
            .. reply.Thoughts.Select((thought, i) => Thought(thought, isLast: i == reply.Thoughts.Count - 1)),
            .. reply.Pieces.Select(Text),
            .. reply.Calls.Select(Call),
        ];
        var chunks = parts.Select((part, i) => Response([part], finish: null, SoFar(i + 1)));
        return [.. (behaviour.NoFinish == true ? chunks : chunks.Append(Response([Text("")], FinishReason, reply.Usage))).Select(chunk => new StreamEvent(chunk))];
    }

    /// <summary>What has been used after so many chunks: the thoughts come first.</summary>
    private ReplyUsage SoFar(int chunks)
    {
        var thoughts = Math.Min(reply.Usage.Reasoning, Math.Min(chunks, reply.Thoughts.Count));
        return reply.Usage with { Completion = Math.Min(reply.Usage.Completion, chunks), Reasoning = Math.Min(thoughts, reply.Usage.Completion) };
    }

    private static string Text(string text) => Object(("text", Quote(text)));

    private string Thought(string text, bool isLast) => Object(
        ("text", Quote(text)), ("thought", "true"), ("thoughtSignature", isLast && reply.Calls.Count == 0 ? Quote(_signature) : null));

    /// <summary>The first call of a turn that was thought about carries the signature.</summary>
    private string Call(ScriptedCall call, int i) => Object(
        ("functionCall", Object(("id", Quote($"call_{server}_{ordinal}_{i + 1}")), ("name", Quote(call.Name)), ("args", call.Arguments))),
        ("thoughtSignature", i == 0 && _signature is not null ? Quote(_signature) : null));

    private string Response(IEnumerable<string> parts, string? finish, ReplyUsage usage)
    {
        var candidate = Object(
            ("content", Object(("parts", Array(parts)), ("role", "\"model\""))),
            ("finishReason", finish is null ? null : Quote(finish)),
            ("index", "0"));
        return Whole(("candidates", Array([candidate])), Usage(usage));
    }

    private string Blocked() => Whole(
        ("promptFeedback", Object(("blockReason", Quote(behaviour.FinishReason ?? "SAFETY")))),
        Usage(reply.Usage with { Completion = 0, Reasoning = 0 }));

    private string Whole((string Name, string? Json) said, string usage) => Object(
        said,
        ("usageMetadata", behaviour.Usage == UsageShape.Absent ? null : usage),
        ("modelVersion", Quote(model)),
        ("responseId", Quote($"{server}-{ordinal}")));

    /// <summary>Google counts the thoughts beside the candidates, and the cached tokens in the prompt.</summary>
    private static string Usage(ReplyUsage usage) => Object(
        ("promptTokenCount", usage.Prompt.ToString()),
        ("candidatesTokenCount", Math.Max(0, usage.Completion - usage.Reasoning).ToString()),
        ("totalTokenCount", (usage.Prompt + usage.Completion).ToString()),
        ("cachedContentTokenCount", usage.Cached > 0 ? usage.Cached.ToString() : null),
        ("promptTokensDetails", $$"""[{"modality":"TEXT","tokenCount":{{usage.Prompt}}}]"""),
        ("thoughtsTokenCount", usage.Reasoning > 0 ? usage.Reasoning.ToString() : null));
}
