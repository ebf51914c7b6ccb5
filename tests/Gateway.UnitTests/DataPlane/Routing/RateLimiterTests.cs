using AIHigress.Gateway.DataPlane.Routing;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.UnitTests.DataPlane.Routing;

public sealed class RateLimiterTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(50)]
    public void TryTake_AtOnce_LetsOneSecondsWorthPass(int perSecond)
    {
        var limiter = new RateLimiter(_time);

        var taken = Enumerable.Range(0, perSecond * 3).Count(_ => limiter.TryTake(perSecond, out var _));

        Assert.Equal(perSecond, taken);
    }

    [Fact]
    public void TryTake_TooEarly_TellsTheTimeToWait()
    {
        var limiter = new RateLimiter(_time);
        Assert.Equal(4, Enumerable.Range(0, 4).Count(_ => limiter.TryTake(4, out var _)));

        Assert.False(limiter.TryTake(4, out var wait));

        Assert.Equal(TimeSpan.FromMilliseconds(250), wait);
        Assert.Equal(wait, limiter.WaitFor(4));
        _time.Advance(wait - TimeSpan.FromTicks(1));
        Assert.False(limiter.TryTake(4, out var _));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(TimeSpan.Zero, limiter.WaitFor(4));
        Assert.True(limiter.TryTake(4, out var _));
    }

    [Fact]
    public void WaitFor_Asked_TakesNothing()
    {
        var limiter = new RateLimiter(_time);

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(TimeSpan.Zero, limiter.WaitFor(1));
        }

        Assert.True(limiter.TryTake(1, out _));
    }

    [Fact]
    public void TryTake_OverAMinute_KeepsTheRate()
    {
        var limiter = new RateLimiter(_time);
        var taken = 0;
        for (var step = 0; step < 60_000; step++)
        {
            taken += limiter.TryTake(7, out _) ? 1 : 0;
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.InRange(taken, 60 * 7, (61 * 7) + 1);
    }

    [Fact]
    public async Task TryTake_FromManyThreads_LetsNoMorePass()
    {
        var limiter = new RateLimiter(_time);
        var taken = 0;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                if (limiter.TryTake(100, out var _))
                {
                    Interlocked.Increment(ref taken);
                }
            }
        })));

        Assert.Equal(100, taken);
    }
}
