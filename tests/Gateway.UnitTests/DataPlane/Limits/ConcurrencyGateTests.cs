using AIHigress.Gateway.DataPlane;
using AIHigress.Gateway.DataPlane.Limits;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.UnitTests.DataPlane.Limits;

public sealed class ConcurrencyGateTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Enter_WhileThereIsRoom_EntersAtOnce()
    {
        var gate = Gate(2);

        Assert.True(await gate.EnterAsync(default));
        Assert.True(await gate.EnterAsync(default));
        Assert.Equal(2, gate.Running);
    }

    [Fact]
    public async Task Enter_Full_WaitsForAPlaceInOrder()
    {
        var gate = Gate(1);
        await gate.EnterAsync(default);
        var first = gate.EnterAsync(default).AsTask();
        var second = gate.EnterAsync(default).AsTask();
        Assert.False(first.IsCompleted);

        gate.Release();

        Assert.True(await first);
        Assert.False(second.IsCompleted);
        gate.Release();
        Assert.True(await second);
        Assert.Equal(1, gate.Running);
    }

    [Fact]
    public async Task Enter_NoPlaceInTime_IsRefusedAndLeavesTheQueue()
    {
        var gate = Gate(1, waitMs: 500);
        await gate.EnterAsync(default);
        var waiting = gate.EnterAsync(default).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.False(waiting.IsCompleted);

        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.False(await waiting);
        gate.Release();
        Assert.Equal(0, gate.Running);
        Assert.True(await gate.EnterAsync(default));
    }

    [Fact]
    public async Task Enter_QueueIsAsLongAsItMayBe_IsRefusedAtOnce()
    {
        var gate = Gate(1, queueLength: 1);
        await gate.EnterAsync(default);
        var waiting = gate.EnterAsync(default).AsTask();
        Assert.Equal(1, gate.Waiting);

        Assert.False(await gate.EnterAsync(default));

        gate.Release();
        Assert.True(await waiting);
        Assert.Equal(0, gate.Waiting);
    }

    [Fact]
    public async Task Enter_ClientLeavesTheQueue_TakesNoPlace()
    {
        var gate = Gate(1);
        await gate.EnterAsync(default);
        using var client = new CancellationTokenSource();
        var leaving = gate.EnterAsync(client.Token).AsTask();
        var staying = gate.EnterAsync(default).AsTask();

        await client.CancelAsync();

        Assert.False(await leaving);
        gate.Release();
        Assert.True(await staying);
        Assert.Equal(1, gate.Running);
    }

    [Fact]
    public async Task WhenIdle_SomeRun_CompletesWhenTheLastHasLeft()
    {
        var gate = Gate(5);
        Assert.True(gate.WhenIdleAsync(default).IsCompleted);
        await gate.EnterAsync(default);
        await gate.EnterAsync(default);
        var idle = gate.WhenIdleAsync(default);

        gate.Release();
        Assert.False(idle.IsCompleted);
        gate.Release();

        await idle.WaitAsync(TestKit.Timeouts.Wait);
    }

    [Fact]
    public async Task Enter_ManyAtOnce_NeverMoreThanTheLimitInside()
    {
        var gate = Gate(3, waitMs: 60_000);
        var inside = 0;
        var most = 0;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++)
            {
                Assert.True(await gate.EnterAsync(default));
                var now = Interlocked.Increment(ref inside);
                InterlockedMax(ref most, now);
                await Task.Yield();
                Interlocked.Decrement(ref inside);
                gate.Release();
            }
        })));

        Assert.InRange(most, 1, 3);
        Assert.Equal(0, gate.Running);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        var seen = Volatile.Read(ref target);
        while (value > seen && Interlocked.CompareExchange(ref target, value, seen) is var found && found != seen)
        {
            seen = found;
        }
    }

    private ConcurrencyGate Gate(int limit, int waitMs = 2000, int queueLength = 10_000) =>
        new(new Monitor(new DataPlaneOptions { MaxConcurrentRequests = limit, QueueWaitMs = waitMs, QueueLength = queueLength }), _time);

    private sealed class Monitor(DataPlaneOptions value) : IOptionsMonitor<DataPlaneOptions>
    {
        public DataPlaneOptions CurrentValue => value;

        public DataPlaneOptions Get(string? name) => value;

        public IDisposable? OnChange(Action<DataPlaneOptions, string?> listener) => null;
    }
}
