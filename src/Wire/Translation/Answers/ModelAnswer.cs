using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Translation.Answers;

/// <summary>A whole answer in the intermediate form.</summary>
public sealed record ModelAnswer
{
    /// <summary>The upstream's id; empty when it gave none.</summary>
    public required string Id { get; init; }

    /// <summary>The upstream's model; empty when it gave none.</summary>
    public required string Model { get; init; }

    /// <summary>Unix seconds; 0 when the upstream gave none.</summary>
    public long Created { get; init; }

    /// <summary>By rising index; one but for n &gt; 1.</summary>
    public required IReadOnlyList<AnswerChoice> Choices { get; init; }

    /// <summary>Null when the upstream reported none.</summary>
    public TokenUsage? Usage { get; init; }
}

/// <summary>One of the answers: text, reasoning, refusal and tool call parts in the order of their beginning.</summary>
public sealed record AnswerChoice(int Index, IReadOnlyList<Part> Parts, FinishReason Finish, string? StopSequence = null);

/// <summary>An upstream's error: an error body, or an error inside an answer.</summary>
/// <param name="Status">The HTTP status that it names, 400 to 599; null when it names none.</param>
/// <param name="Message">The upstream's words; null when it had none. Untrusted: scrub before showing.</param>
public sealed record AnswerError(int? Status, string? Message)
{
    /// <summary>The upstream's own type or status word.</summary>
    public string? Type { get; init; }

    public string? Code { get; init; }

    /// <summary>The field at fault.</summary>
    public string? Param { get; init; }
}
