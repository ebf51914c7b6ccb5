namespace AIHigress.Wire.Translation.Answers;

/// <summary>
/// Takes an answer event by event. Decoders keep this order, whatever the upstream sent: Start once and first; part numbers rise by one from 0;
/// Delta and Seal only between a part's start and its end, which comes once; several parts may be open at a time; Finish once per choice,
/// after its parts have ended; Usage any number of times, each the whole so far, the last holds; nothing after Error.
/// Spans are valid during the call only.
/// </summary>
public interface IAnswerSink
{
    void Start(in AnswerStart start);

    void PartStart(in PartStart part);

    /// <summary>The next piece of a part's text (or arguments), UTF-8, whole characters; never what came before.</summary>
    void Delta(int part, ReadOnlySpan<byte> text);

    void Seal(int part, Seal seal);

    void PartEnd(int part);

    void Usage(in TokenUsage usage);

    void Finish(in AnswerFinish finish);

    /// <summary>The upstream is alive and has nothing to say.</summary>
    void Ping();
}

/// <param name="Id">The upstream's id; empty when it gave none.</param>
/// <param name="Model">The upstream's model; empty when it gave none.</param>
/// <param name="Created">Unix seconds; 0 when the upstream gave none.</param>
public readonly record struct AnswerStart(string Id, string Model, long Created);

/// <summary>A part begins.</summary>
/// <param name="Part">0, 1, 2 … over all choices.</param>
/// <param name="Choice">Which of the answers it belongs to; 0 but for n &gt; 1.</param>
public readonly record struct PartStart(int Part, int Choice, AnswerPartKind Kind)
{
    /// <summary>The call's id, or the item's; empty when the upstream gave none: the encoder makes one.</summary>
    public string Id { get; init; } = "";

    /// <summary>The tool's name; empty for other kinds.</summary>
    public string Name { get; init; } = "";

    /// <summary>The call goes to a custom tool: its deltas are free text.</summary>
    public bool IsCustom { get; init; }

    /// <summary>The part's seal, where it is known that early; it comes as an event as well.</summary>
    public Seal? Seal { get; init; }
}

public enum AnswerPartKind
{
    Text,
    Reasoning,

    /// <summary>Encrypted thoughts: a seal and no text.</summary>
    RedactedReasoning,
    ToolCall,
    Refusal,
}

/// <param name="Choice">Which of the answers ended.</param>
/// <param name="Reason">Why.</param>
/// <param name="StopSequence">The stop sequence that was met, if the upstream tells.</param>
public readonly record struct AnswerFinish(int Choice, FinishReason Reason, string? StopSequence = null);

public enum FinishReason
{
    /// <summary>The model was done, or met a stop sequence.</summary>
    Stop,

    /// <summary>The token limit, or the end of the context window.</summary>
    Length,
    ToolCalls,

    /// <summary>A safety filter cut it.</summary>
    ContentFilter,

    /// <summary>The model refused.</summary>
    Refusal,

    /// <summary>The upstream paused a long turn (Anthropic's pause_turn): it goes on when asked again.</summary>
    Pause,
}
