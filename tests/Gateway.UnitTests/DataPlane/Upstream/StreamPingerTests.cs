using System.IO.Pipelines;
using System.Text;
using AIHigress.Gateway.DataPlane.Upstream;
using AIHigress.TestKit;
using AIHigress.Wire.Sse;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.UnitTests.DataPlane.Upstream;

public sealed class StreamPingerTests
{
    private static readonly TimeSpan Silence = StreamPinger.Silence;
    private readonly FakeTimeProvider _time = new();
    private readonly Pipe _pipe = new();
    private string _written = "";

    [Fact]
    public void PingIfSilent_LongSilence_WritesOneComment()
    {
        var writer = new PingedWriter(_pipe.Writer, SseWriter.Ping, _time);
        _time.Advance(Silence - TimeSpan.FromTicks(1));
        writer.PingIfSilent(Silence);
        Assert.Equal("", Written());

        _time.Advance(TimeSpan.FromTicks(1));
        writer.PingIfSilent(Silence);
        writer.PingIfSilent(Silence);

        Assert.Equal(": ping\n\n", Written());
    }

    [Fact]
    public async Task PingIfSilent_WhileTheRelayWrites_WritesNothing()
    {
        var writer = new PingedWriter(_pipe.Writer, SseWriter.Ping, _time);
        await writer.EnterAsync();
        _time.Advance(Silence);

        writer.PingIfSilent(Silence);
        Assert.Equal("", Written());
        writer.Leave();
        writer.PingIfSilent(Silence);
        Assert.Equal("", Written());

        _time.Advance(Silence);
        writer.PingIfSilent(Silence);
        Assert.Equal(": ping\n\n", Written());
    }

    [Fact]
    public async Task Attach_StreamIsSilent_IsPingedByTheTimerUntilDetached()
    {
        var pinger = new StreamPinger(_time);
        await pinger.StartAsync(default);
        var writer = pinger.Attach(_pipe.Writer, SseWriter.Ping);
        await AdvanceUntilAsync(() => Written().Length > 0);

        // As the relay ends: it owns the writer, so no ping is under way when it detaches.
        await writer.EnterAsync();
        pinger.Detach(writer);
        writer.Leave();
        var before = Written();
        for (var second = 0; second < 60; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(before, Written());
        await pinger.StopAsync(default);
    }

    private string Written()
    {
        while (_pipe.Reader.TryRead(out var read))
        {
            _written += Encoding.UTF8.GetString(read.Buffer);
            _pipe.Reader.AdvanceTo(read.Buffer.End);
        }

        return _written;
    }

    // The pinger starts its timer on a thread of the pool, so time moves on until it has: bounded by a real clock.
    private async Task AdvanceUntilAsync(Func<bool> condition)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < Timeouts.Wait, "nothing was written");
            _time.Advance(Silence);
            await Task.Delay(Timeouts.Poll);
        }
    }
}
