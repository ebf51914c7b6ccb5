using System.Buffers;

namespace AIHigress.Wire.Translation.Answers;

/// <summary>
/// Writes an answer as one client protocol's stream. Whatever an event makes sayable is written during its call and not later.
/// </summary>
public abstract class StreamEncoder(AnswerContext context) : IAnswerSink
{
    /// <summary>Where the bytes go; to be set before each batch of events, as the writer of a response may change.</summary>
    public IBufferWriter<byte> Output { get; set; } = new ArrayBufferWriter<byte>();

    protected AnswerContext Context { get; } = context;

    /// <summary>The content type of the stream.</summary>
    public virtual string ContentType => "text/event-stream";

    public abstract void Start(in AnswerStart start);

    public abstract void PartStart(in PartStart part);

    public abstract void Delta(int part, ReadOnlySpan<byte> text);

    public abstract void Seal(int part, Seal seal);

    public abstract void PartEnd(int part);

    public abstract void Usage(in TokenUsage usage);

    public abstract void Finish(in AnswerFinish finish);

    public abstract void Ping();

    /// <summary>The end of a whole answer: what waited for it (usage, finish, end marks).</summary>
    public abstract void WriteEnd();

    /// <summary>The protocol's error event, then its end; never a normal finish.</summary>
    public abstract void WriteError(ClientError error);
}

/// <summary>An error as the client will see it; each protocol has its own words for the status.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Stable, for machines.</param>
/// <param name="Message">What, where, what to do; English.</param>
public sealed record ClientError(int Status, string Code, string Message)
{
    /// <summary>The field or header at fault.</summary>
    public string? Param { get; init; }

    /// <summary>Ours; in the protocols that have a place for it.</summary>
    public string? RequestId { get; init; }
}
