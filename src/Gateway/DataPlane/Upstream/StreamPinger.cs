using System.Collections.Concurrent;
using System.IO.Pipelines;
using AIHigress.Gateway.Common;

namespace AIHigress.Gateway.DataPlane.Upstream;

/// <summary>
/// Sends a comment on every stream that has been silent for 15 s, so that proxies on the way do not close it.
/// One timer for all streams: a timer per stream would cost more than the pings.
/// </summary>
internal sealed class StreamPinger(TimeProvider time) : BackgroundService
{
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<PingedWriter, byte> _streams = new();

    /// <param name="output">The response.</param>
    /// <param name="ping">What means nothing to its client.</param>
    public PingedWriter Attach(PipeWriter output, ReadOnlyMemory<byte> ping)
    {
        var writer = new PingedWriter(output, ping, time);
        _streams.TryAdd(writer, 0);
        return writer;
    }

    public void Detach(PingedWriter writer) => _streams.TryRemove(writer, out _);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        while (await timer.NextTurnAsync(stoppingToken))
        {
            foreach (var (writer, _) in _streams)
            {
                writer.PingIfSilent(Silence);
            }
        }
    }
}

/// <summary>A response writer that two may use in turn: the relay, and the pinger when the relay is silent.</summary>
internal sealed class PingedWriter(PipeWriter output, ReadOnlyMemory<byte> ping, TimeProvider time)
{
    private int _busy;
    private long _lastWrite = time.GetTimestamp();

    /// <summary>Gives the relay the writer; it waits only while a ping is being written.</summary>
    public async ValueTask<PipeWriter> EnterAsync()
    {
        while (Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), time);
        }

        return output;
    }

    public void Leave()
    {
        _lastWrite = time.GetTimestamp();
        Volatile.Write(ref _busy, 0);
    }

    public void PingIfSilent(TimeSpan silence)
    {
        if (time.GetElapsedTime(Volatile.Read(ref _lastWrite)) < silence || Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
        {
            return;
        }

        _ = PingAsync();
    }

    private async Task PingAsync()
    {
        try
        {
            await output.WriteAsync(ping);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The client has left or the response is complete; the relay finds out by itself.
        }
        finally
        {
            Leave();
        }
    }
}
