using AIHigress.Gateway.Hosting.Redis;

namespace AIHigress.Gateway.UnitTests.Hosting.Redis;

public sealed class RedisBreakerTests
{
    private readonly RedisBreaker _breaker = new();

    [Fact]
    public void Missed_TwiceInARow_OpensOnce()
    {
        Assert.False(_breaker.Missed());
        Assert.False(_breaker.IsOpen);
        Assert.True(_breaker.Missed());
        Assert.True(_breaker.IsOpen);
        Assert.False(_breaker.Missed());
    }

    [Fact]
    public void Answered_BetweenTwoMisses_StartsTheCountAnew()
    {
        _breaker.Missed();
        _breaker.Answered();

        Assert.False(_breaker.Missed());
        Assert.False(_breaker.IsOpen);
    }

    [Fact]
    public void Answered_WhileOpen_DoesNotClose()
    {
        _breaker.Open();
        _breaker.Answered();

        Assert.True(_breaker.IsOpen);
    }

    [Fact]
    public void Close_AfterOpen_TellsItOnceAndForgetsTheMisses()
    {
        _breaker.Missed();
        _breaker.Missed();

        Assert.True(_breaker.Close());
        Assert.False(_breaker.Close());
        Assert.False(_breaker.Missed());
        Assert.False(_breaker.IsOpen);
    }

    [Fact]
    public async Task Missed_ByManyAtOnce_IsToldToOneOfThem()
    {
        var told = 0;
        using var start = new ManualResetEventSlim();
        var all = Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            start.Wait();
            for (var i = 0; i < 100; i++)
            {
                Interlocked.Add(ref told, _breaker.Missed() ? 1 : 0);
            }
        })).ToList();
        start.Set();
        await Task.WhenAll(all);

        Assert.Equal(1, told);
        Assert.True(_breaker.IsOpen);
    }
}
