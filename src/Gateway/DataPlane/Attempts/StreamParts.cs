using AIHigress.Gateway.DataPlane.Upstream;
using AIHigress.Gateway.DataPlane.Upstream.Taps;

namespace AIHigress.Gateway.DataPlane.Attempts;

/// <summary>The attempts that give one streamed answer, one after the other; mostly one. Those that went on are given back here.</summary>
internal sealed class StreamParts(LiveAttempt attempt, OpenedStream stream) : IDisposable
{
    private readonly ContinuedAnswer? _answer = stream.Tap.Continued;
    private int _textFrom;

    /// <summary>The one that speaks.</summary>
    public LiveAttempt Attempt { get; private set; } = attempt;

    public OpenedStream Stream { get; private set; } = stream;

    /// <summary>Bytes that went to the client before it.</summary>
    public long BytesBefore { get; private set; }

    /// <summary>Text that went to the client before it.</summary>
    public ReadOnlyMemory<byte> TextBefore => _answer is { } answer ? answer.Text[.._textFrom] : default;

    /// <summary>Another attempt speaks from here on.</summary>
    public void GoOn(LiveAttempt next, long bytes)
    {
        Attempt.Dispose();
        (Attempt, Stream) = (next, next.Reply.Stream!);
        BytesBefore += bytes;
        _textFrom = _answer!.TextBefore;
    }

    // Giving an attempt back twice is no harm: only the first time counts.
    public void Dispose()
    {
        Attempt.Dispose();
        _answer?.Dispose();
    }
}
