using AIHigress.MockUpstream.Scripting;

namespace AIHigress.MockUpstream.Answering;

/// <summary>What of a request decides the reply, in any protocol.</summary>
internal sealed record Question
{
    public IReadOnlyList<OfferedTool> Tools { get; init; } = [];

    /// <summary>The last message is a tool's result.</summary>
    public bool EndsWithToolResult { get; init; }

    /// <summary>Some message is a tool's result.</summary>
    public bool HasToolResult { get; init; }

    public int? MaxTokens { get; init; }

    public IReadOnlyList<string> StopSequences { get; init; } = [];

    public required int PromptTokens { get; init; }
}

internal enum ReplyEnd
{
    Complete,
    Length,
    ToolCalls,
    StopSequence,
    Refused,
}

/// <summary>The tokens to report. <see cref="Prompt"/> contains the cached ones, <see cref="Completion"/> the reasoning.</summary>
internal readonly record struct ReplyUsage(int Prompt, int Completion, int Cached, int CacheWrite, int Reasoning);

/// <summary>What the mock says, before a protocol puts it into its words.</summary>
internal sealed record Reply
{
    private Reply()
    {
    }

    public required IReadOnlyList<string> Thoughts { get; init; }

    public required IReadOnlyList<string> Pieces { get; init; }

    public required IReadOnlyList<ScriptedCall> Calls { get; init; }

    public required ReplyEnd End { get; init; }

    /// <summary>The stop sequence that ended the text.</summary>
    public string? StopSequence { get; init; }

    public required ReplyUsage Usage { get; init; }

    public string Text => string.Concat(Pieces);

    public string Thinking => string.Concat(Thoughts);

    public static Reply To(Question question, Behaviour behaviour)
    {
        IReadOnlyList<ScriptedCall> calls = behaviour.ToolScript is not null && question.Tools.Count == 0
            || !ScriptedCalls.Wanted(behaviour, question.EndsWithToolResult, question.HasToolResult)
                ? []
                : ScriptedCalls.Of(behaviour, question.Tools);
        var (pieces, stop) = calls.Count > 0 ? ([], null) : Stopped(Words.Pieces(behaviour), question.StopSequences);
        var cut = question.MaxTokens is { } most && most < pieces.Count;
        pieces = cut ? [.. pieces.Take(question.MaxTokens!.Value)] : pieces;
        var thoughts = Words.Thoughts(behaviour);
        return new Reply
        {
            Thoughts = thoughts,
            Pieces = pieces,
            Calls = calls,
            StopSequence = cut ? null : stop,
            End = calls.Count > 0 ? ReplyEnd.ToolCalls
                : behaviour.Refusal == true ? ReplyEnd.Refused
                : cut ? ReplyEnd.Length
                : stop is not null ? ReplyEnd.StopSequence
                : ReplyEnd.Complete,
            Usage = Count(behaviour, question.PromptTokens, thoughts.Count, pieces.Count + calls.Sum(call => 1 + call.Pieces().Count())),
        };
    }

    private static ReplyUsage Count(Behaviour behaviour, int prompt, int thoughts, int others) => behaviour.ZeroUsage == true ? default : new ReplyUsage(
        behaviour.PromptTokens ?? prompt,
        behaviour.CompletionTokens ?? thoughts + others,
        behaviour.CachedTokens ?? 0,
        behaviour.CacheWriteTokens ?? 0,
        behaviour.ReasoningTokens ?? thoughts);

    /// <summary>The text up to the stop sequence that comes first in it.</summary>
    private static (IReadOnlyList<string> Pieces, string? Stop) Stopped(IReadOnlyList<string> pieces, IReadOnlyList<string> sequences)
    {
        if (sequences.Count == 0)
        {
            return (pieces, null);
        }

        var text = string.Concat(pieces);
        var (at, stop) = sequences.Where(s => s.Length > 0)
            .Select(s => (At: text.IndexOf(s, StringComparison.Ordinal), Stop: (string?)s))
            .Where(found => found.At >= 0)
            .DefaultIfEmpty((text.Length, null))
            .Min();
        var kept = new List<string>();
        for (var i = 0; i < pieces.Count && at > 0; i++)
        {
            kept.Add(pieces[i].Length <= at ? pieces[i] : pieces[i][..at]);
            at -= kept[^1].Length;
        }

        return (kept, stop);
    }
}
