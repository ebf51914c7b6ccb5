using AIHigress.Wire.Sse;

namespace AIHigress.Wire.Translation.Answers;

/// <summary>
/// Reads one upstream stream, event by event, into a sink. Never throws on bad input. It answers for the order that <see cref="IAnswerSink"/>
/// promises, whatever the upstream repeats, leaves out or interleaves.
/// </summary>
public abstract class StreamDecoder
{
    /// <summary>Why <see cref="Read"/> said <see cref="DecodeStep.Error"/>.</summary>
    public AnswerError? Error { get; protected set; }

    /// <summary>A finish reason (or the protocol's end mark) has been read: an end of the stream is now the end of the answer, not a cut.</summary>
    public abstract bool IsWhole { get; }

    /// <summary>Whole, and what the protocol sends last has come: only its end mark is missing, which says nothing.</summary>
    public virtual bool IsOver => false;

    /// <summary>Reads one event; comments and events without data are <see cref="DecodeStep.Continue"/>.</summary>
    public abstract DecodeStep Read(in SseEvent ev, IAnswerSink sink);

    /// <summary>To be called once at the end of a whole stream: ends what the upstream left open and gives finishes that it held back.</summary>
    public abstract void Complete(IAnswerSink sink);
}

public enum DecodeStep
{
    /// <summary>More may come.</summary>
    Continue,

    /// <summary>The protocol's end: nothing that follows counts.</summary>
    Done,

    /// <summary>The upstream reports an error; see <see cref="StreamDecoder.Error"/>.</summary>
    Error,

    /// <summary>Not this protocol.</summary>
    Malformed,
}
