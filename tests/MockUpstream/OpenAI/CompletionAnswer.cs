using AIHigress.MockUpstream.Answering;
using AIHigress.MockUpstream.Scripting;
using static AIHigress.MockUpstream.Sending.JsonText;

namespace AIHigress.MockUpstream.OpenAI;

/// <summary>A reply in the words of text completions.</summary>
internal sealed class CompletionAnswer(string model, Reply reply, Behaviour behaviour, string server, long ordinal)
{
    private const long Created = 1_700_000_000;

    private string Finish => behaviour.FinishReason ?? (reply.End == ReplyEnd.Length ? "length" : "stop");

    private string? Usage => behaviour.Usage == UsageShape.Absent
        ? null
        : $$"""{"prompt_tokens":{{reply.Usage.Prompt}},"completion_tokens":{{reply.Usage.Completion}},"total_tokens":{{reply.Usage.Prompt + reply.Usage.Completion}}}""";

    public string Body() => Object([.. Head(Choice(reply.Text, Finish)), ("usage", Usage)]);

    public IEnumerable<string> Events(bool includeUsage)
    {
        var usage = includeUsage || behaviour.UsageForced == true ? Usage : null;
        var notYet = usage is null ? null : "null";
        foreach (var piece in reply.Pieces)
        {
            yield return Object([.. Head(Choice(piece, null)), ("usage", notYet)]);
        }

        if (behaviour.NoFinish != true)
        {
            yield return Object([.. Head(Choice("", Finish)), ("usage", notYet)]);
        }

        if (usage is not null)
        {
            yield return Object([.. Head(null), ("usage", usage)]);
        }

        if (behaviour.NoDone != true)
        {
            yield return "[DONE]";
        }
    }

    private (string, string?)[] Head(string? choice) =>
    [
        ("id", Quote($"cmpl-{server}-{ordinal}")),
        ("object", "\"text_completion\""),
        ("created", Created.ToString()),
        ("model", Quote(model)),
        ("choices", $"[{choice}]"),
    ];

    private static string Choice(string text, string? finish) =>
        $$"""{"text":{{Quote(text)}},"index":0,"logprobs":null,"finish_reason":{{Quote(finish)}}}""";
}
