using AIHigress.Gateway.DataPlane.Upstream.Taps;
using AIHigress.Wire.Sse;

namespace AIHigress.Gateway.DataPlane.Upstream;

/// <summary>A stream whose first meaningful event is in hand; what the client gets of it and of what came before is held.</summary>
internal sealed class OpenedStream(HttpResponseMessage response, Stream source, SseReader reader, AttemptClock clock, StreamTap tap, PooledBuffer held) : IDisposable
{
    public SseReader Reader { get; } = reader;

    public AttemptClock Clock { get; } = clock;

    public StreamTap Tap { get; } = tap;

    /// <summary>The bytes for the client, up to and with the first meaningful event.</summary>
    public PooledBuffer Held { get; } = held;

    public UpstreamHeaders Headers { get; } = UpstreamHeaders.Of(response);

    /// <summary>The event in hand already ended the answer: its step, to be acted on before more is read.</summary>
    public bool IsDone { get; set; }

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
