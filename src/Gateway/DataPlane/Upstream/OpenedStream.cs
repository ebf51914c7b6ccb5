using System.Buffers;
using AIHigress.Gateway.DataPlane.Upstream.Taps;
using AIHigress.Wire.Sse;

namespace AIHigress.Gateway.DataPlane.Upstream;

/// <summary>A stream whose first meaningful event is in hand; what the client gets of it and of what came before is held.</summary>
internal sealed class OpenedStream(HttpResponseMessage response, Stream source, SseReader reader, AttemptClock clock, StreamTap tap, PooledBuffer held) : IDisposable
{
    private const int MostAfterEnd = 16 * 1024;
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(1);

    private Task<int>? _reading;

    public SseReader Reader { get; } = reader;

    public AttemptClock Clock { get; } = clock;

    public StreamTap Tap { get; } = tap;

    /// <summary>The bytes for the client, up to and with the first meaningful event.</summary>
    public PooledBuffer Held { get; } = held;

    public UpstreamHeaders Headers { get; } = UpstreamHeaders.Of(response);

    /// <summary>The event in hand already ended the answer: its step, to be acted on before more is read.</summary>
    public bool IsDone { get; set; }

    /// <summary>The answer is whole: what the upstream still sends is the end of its response, after which the connection serves again.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>It is slower than its model's guard allows.</summary>
    public bool IsTooSlow { get; set; }

    /// <summary>A read is under way that nobody waits for; the reader must be left alone.</summary>
    public bool IsReading => _reading is not null;

    /// <summary>Waits for more bytes and puts them into the reader; false at the end of the stream.</summary>
    public ValueTask<bool> ReadAsync(TimeSpan idle)
    {
        Clock.Arm(idle);
        return ReadOnAsync();
    }

    /// <summary>The same, with the time that the clock still has.</summary>
    public async ValueTask<bool> ReadOnAsync()
    {
        var read = _reading is { } reading ? await reading : await source.ReadAsync(Reader.GetMemory(), Clock.Token);
        _reading = null;
        return Take(read);
    }

    /// <summary>Waits for more bytes, but no longer than <paramref name="wait"/>: null when nothing came, and then the read goes on.</summary>
    public async ValueTask<bool?> ReadWithinAsync(TimeSpan wait, TimeSpan idle, TimeProvider time)
    {
        if (_reading is null)
        {
            Clock.Arm(idle);
            _reading = source.ReadAsync(Reader.GetMemory(), Clock.Token).AsTask();
        }

        if (!_reading.IsCompleted)
        {
            using var timer = new CancellationTokenSource();
            await Task.WhenAny(_reading, Task.Delay(wait, time, timer.Token));
            await timer.CancelAsync();
        }

        return _reading.IsCompleted ? await ReadOnAsync() : null;
    }

    /// <summary>Disposing the response before its end closes the connection: that is what stops the upstream.</summary>
    public void StopUpstream() => response.Dispose();

    /// <summary>Gives back what was made for reading; response and clock belong to whoever made them.</summary>
    public void Release()
    {
        if (_reading is { IsCompleted: false } reading)
        {
            // It still writes into the reader's buffer, which must not go back to the pool.
            _ = reading.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        else
        {
            Reader.Dispose();
        }

        Held.Dispose();
        Tap.Dispose();
    }

    /// <summary>Gives everything back, the clock too; a connection that may serve again as soon as its response has ended.</summary>
    public void Dispose()
    {
        Release();
        if (IsAnswered && _reading is null)
        {
            _ = EndAsync();
            return;
        }

        response.Dispose();
        Clock.Dispose();
    }

    // Mostly the end is there already, and then nothing is waited for.
    private async Task EndAsync()
    {
        var rest = ArrayPool<byte>.Shared.Rent(1024);
        try
        {
            Clock.Arm(LongestEnd);
            var left = MostAfterEnd;
            int read;
            while (left > 0 && (read = await source.ReadAsync(rest, Clock.Token)) > 0)
            {
                left -= read;
            }
        }
        catch (Exception)
        {
            // Protects whoever disposes: the client has its whole answer, and the connection is closed below.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rest);
            response.Dispose();
            Clock.Dispose();
        }
    }

    private bool Take(int read)
    {
        if (read == 0)
        {
            Reader.Complete();
            return false;
        }

        Reader.Advance(read);
        return true;
    }
}
