using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Wire;
using AIHigress.Wire.Sse;

namespace AIHigress.Gateway.DataPlane.Upstream;

/// <summary>How an attempt ended, or that it has become an answer: exactly one of the three is set.</summary>
internal readonly record struct UpstreamReply(PlainAnswer? Plain, OpenedStream? Stream, AttemptFailure? Failure)
{
    public static implicit operator UpstreamReply(PlainAnswer answer) => new(answer, null, null);

    public static implicit operator UpstreamReply(OpenedStream stream) => new(null, stream, null);

    public static implicit operator UpstreamReply(AttemptFailure failure) => new(null, null, failure);
}

/// <summary>A whole answer, checked to be one.</summary>
internal sealed class PlainAnswer(PooledBody body, TokenUsage? usage, PooledBuffer text, UpstreamHeaders headers) : IDisposable
{
    public ReadOnlyMemory<byte> Body => body.Memory;

    public TokenUsage? Usage { get; } = usage;

    /// <summary>What was generated, as text, for counting when the upstream did not.</summary>
    public PooledBuffer Text { get; } = text;

    public UpstreamHeaders Headers { get; } = headers;

    public void Dispose()
    {
        body.Dispose();
        Text.Dispose();
    }
}

/// <summary>A stream whose first meaningful event is in hand; what came before it is held.</summary>
internal sealed class OpenedStream(HttpResponseMessage response, Stream source, SseReader reader, AttemptClock clock, ChatStreamTap tap, PooledBuffer held) : IDisposable
{
    public SseReader Reader { get; } = reader;

    public AttemptClock Clock { get; } = clock;

    public ChatStreamTap Tap { get; } = tap;

    /// <summary>The bytes of every event up to and with the first meaningful one.</summary>
    public PooledBuffer Held { get; } = held;

    public UpstreamHeaders Headers { get; } = UpstreamHeaders.Of(response);

    /// <summary>Waits for more bytes and puts them into the reader; false at the end of the stream.</summary>
    public async ValueTask<bool> ReadAsync(TimeSpan idle)
    {
        Clock.Arm(idle);
        var read = await source.ReadAsync(Reader.GetMemory(), Clock.Token);
        if (read == 0)
        {
            Reader.Complete();
            return false;
        }

        Reader.Advance(read);
        return true;
    }

    /// <summary>Disposing the response before its end closes the connection: that is what stops the upstream.</summary>
    public void StopUpstream() => response.Dispose();

    public void Dispose()
    {
        response.Dispose();
        Reader.Dispose();
        Held.Dispose();
        Tap.Dispose();
        Clock.Dispose();
    }
}
