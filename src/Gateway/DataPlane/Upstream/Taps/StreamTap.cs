using System.Buffers;
using AIHigress.Wire;
using AIHigress.Wire.Sse;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Gateway.DataPlane.Upstream.Taps;

/// <summary>
/// Looks at every event of an upstream's stream on its way, and writes what the client gets of it: the event as it came, or the
/// client's own protocol. It never writes the stream's last bytes before it is told to: the usage record goes first.
/// </summary>
internal abstract class StreamTap : IDisposable
{
    // Enough for any model's output; beyond it the estimate is a lower bound.
    protected const int MostText = 4 * 1024 * 1024;

    public abstract TokenUsage? Usage { get; }

    /// <summary>The answer is whole: an end of the stream is not a cut.</summary>
    public abstract bool Finished { get; }

    /// <summary>The answer is whole and its usage is known: the client's end need not wait for the upstream's.</summary>
    public abstract bool IsOver { get; }

    /// <summary>What was generated, UTF-8, for counting.</summary>
    public abstract ReadOnlyMemory<byte> Text { get; }

    /// <summary>What the upstream made that only it can read.</summary>
    public virtual IReadOnlyList<Seal> Seals => [];

    public virtual string ContentType => "text/event-stream";

    /// <summary>The client's side of the answer, which another upstream may go on with; null when none may.</summary>
    public virtual ContinuedAnswer? Continued => null;

    /// <summary>What keeps a silent connection open without meaning anything to the client.</summary>
    public virtual ReadOnlyMemory<byte> Ping => SseWriter.Ping;

    /// <summary>Reads one event and writes what the client gets of it.</summary>
    public abstract TapResult Pass(in SseEvent ev, IBufferWriter<byte> output);

    /// <summary>Writes the end of a whole answer.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="counted">What the record says was used, where the upstream did not.</param>
    public abstract void WriteEnd(IBufferWriter<byte> output, TokenUsage? counted);

    /// <summary>Writes the protocol's error event, and its end.</summary>
    public abstract void WriteError(IBufferWriter<byte> output, ClientError error);

    public abstract void Dispose();

    /// <summary>An event's bytes as they came; one that the stream's end cut off before its empty line gets the line.</summary>
    internal static void WriteRaw(in SseEvent ev, IBufferWriter<byte> output)
    {
        output.Write(ev.Raw.Span);
        if (!ev.IsComplete && ev.HasData)
        {
            output.Write("\n\n"u8);
        }
    }
}

/// <summary>What an event was.</summary>
/// <param name="Step">Whether the stream goes on.</param>
/// <param name="IsMeaningful">The client has something to see, or the answer is over: from here on there is no failover.</param>
/// <param name="Error">The upstream's words, for <see cref="DecodeStep.Error"/>.</param>
internal readonly record struct TapResult(DecodeStep Step, bool IsMeaningful = false, AnswerError? Error = null);
