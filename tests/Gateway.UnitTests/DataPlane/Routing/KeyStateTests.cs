using AIHigress.Gateway.DataPlane.Routing;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.UnitTests.DataPlane.Routing;

public sealed class KeyStateTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(17, 17)]
    [InlineData(0, 0)]
    [InlineData(3600, 600)]
    public void RateLimited_WithRetryAfter_RestsAsLongUpToTenMinutes(int told, int rests)
    {
        var key = new KeyState(_time);

        key.RateLimited(TimeSpan.FromSeconds(told));

        Assert.Equal(TimeSpan.FromSeconds(rests), key.Rests);
        _time.Advance(TimeSpan.FromSeconds(rests));
        Assert.Equal(TimeSpan.Zero, key.Rests);
    }

    [Fact]
    public void RateLimited_WithoutRetryAfter_DoublesUpToAMinute()
    {
        var key = new KeyState(_time);
        foreach (var seconds in (int[])[1, 2, 4, 8, 16, 32, 60, 60])
        {
            key.RateLimited(null);

            Assert.Equal(TimeSpan.FromSeconds(seconds), key.Rests);
            _time.Advance(key.Rests);
        }
    }

    [Fact]
    public void Refused_AgainAndAgain_RestsHalfAMinuteThenUpToAMinute()
    {
        var key = new KeyState(_time);
        foreach (var seconds in (int[])[30, 30, 30, 40, 60, 60])
        {
            key.Refused();

            Assert.Equal(TimeSpan.FromSeconds(seconds), key.Rests);
            _time.Advance(key.Rests);
        }
    }

    [Fact]
    public void Succeeded_AfterFailures_StartsTheBackoffAnew()
    {
        var key = new KeyState(_time);
        key.RateLimited(null);
        key.RateLimited(null);
        _time.Advance(TimeSpan.FromMinutes(1));

        key.Succeeded();
        key.RateLimited(null);

        Assert.Equal(TimeSpan.FromSeconds(1), key.Rests);
    }

    [Fact]
    public void RateLimited_ShorterThanTheRestUnderWay_DoesNotShortenIt()
    {
        var key = new KeyState(_time);
        key.RateLimited(TimeSpan.FromSeconds(50));

        key.RateLimited(TimeSpan.FromSeconds(5));

        Assert.Equal(TimeSpan.FromSeconds(50), key.Rests);
    }

    [Fact]
    public void TryEnter_AtItsLimit_IsRefusedUntilOneLeaves()
    {
        var key = new KeyState(_time);

        Assert.True(key.TryEnter(2));
        Assert.True(key.TryEnter(2));
        Assert.False(key.TryEnter(2));
        Assert.Equal(2, key.InFlight);
        key.Leave();
        Assert.True(key.TryEnter(2));
        Assert.True(key.TryEnter(null));
    }
}
