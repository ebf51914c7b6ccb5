using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.DataPlane.Routing.Circuits;
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
    public void RateLimited_ByRequestsThatWereOnTheirWay_CountsOnce()
    {
        var key = new KeyState(_time);
        for (var i = 0; i < 10; i++)
        {
            key.RateLimited(null);
        }

        _time.Advance(key.Rests);
        key.RateLimited(null);

        Assert.Equal((2, TimeSpan.FromSeconds(2)), (key.Fails, key.Rests));
    }

    [Fact]
    public void Refused_ThreeTimesOverTenMinutes_IsInvalid()
    {
        var key = new KeyState(_time);
        Assert.False(key.Refused());
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.False(key.Refused());
        _time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        Assert.False(key.Refused());
        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.True(key.Refused());
    }

    [Fact]
    public void Refused_WithASuccessOrForMoneyInBetween_IsNotInvalid()
    {
        var (accepted, poor) = (new KeyState(_time), new KeyState(_time));
        for (var i = 0; i < 20; i++)
        {
            Assert.False(accepted.Refused());
            Assert.False(poor.Refused(isCredential: false));
            _time.Advance(TimeSpan.FromMinutes(2));
            accepted.Succeeded();
        }
    }

    [Fact]
    public void Reset_Resting_MayBeUsedAtOnce()
    {
        var key = new KeyState(_time);
        key.RateLimited(TimeSpan.FromMinutes(5));

        key.Reset();

        Assert.Equal((TimeSpan.Zero, 0, null), (key.Rests, key.Fails, key.Export()));
    }

    [Fact]
    public void Adopt_OfALongerRest_RestsAsLong()
    {
        var (here, there) = (new KeyState(_time), new KeyState(_time));
        there.RateLimited(TimeSpan.FromSeconds(50), "slow down");
        _time.Advance(TimeSpan.FromSeconds(10));

        here.Adopt(there.Export()!);
        here.Adopt(new KeyRestRecord(1000, 1, null));

        Assert.Equal((TimeSpan.FromSeconds(40), "slow down"), (here.Rests, here.LastError));
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
