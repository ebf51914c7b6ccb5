using AIHigress.Gateway.DataPlane.Limits;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.UnitTests.DataPlane.Limits;

public sealed class GcraTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(50)]
    [InlineData(999)]
    public void TryTake_AtOnce_LetsTheWholeRatePass(int count)
    {
        var gcra = new Gcra(_time);

        var taken = Enumerable.Range(0, count * 3).Count(_ => gcra.TryTake(Rate.PerMinute(count), 1, out var _, out var _));

        Assert.Equal(count, taken);
    }

    [Fact]
    public void TryTake_TooEarly_TellsTheTimeToWait()
    {
        var gcra = new Gcra(_time);
        var rate = Rate.PerSecond(4);
        Assert.Equal(4, Enumerable.Range(0, 4).Count(_ => gcra.TryTake(rate, 1, out var _, out var _)));

        Assert.False(gcra.TryTake(rate, 1, out var view, out var wait));

        Assert.Equal((TimeSpan.FromMilliseconds(250), 0L), (wait, view.Remaining));
        Assert.Equal(wait, gcra.Look(rate).WaitFor(1));
        _time.Advance(wait - TimeSpan.FromTicks(1));
        Assert.False(gcra.TryTake(rate, 1, out var _, out var _));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(TimeSpan.Zero, gcra.Look(rate).WaitFor(1));
        Assert.True(gcra.TryTake(rate, 1, out var _, out var _));
    }

    [Fact]
    public void TryTake_EachTime_TellsWhatIsLeft()
    {
        var gcra = new Gcra(_time);
        for (var left = 6; left >= 0; left--)
        {
            Assert.True(gcra.TryTake(Rate.PerMinute(7), 1, out var view, out var _));
            Assert.Equal(left, view.Remaining);
        }
    }

    [Fact]
    public void TryTake_MoreThanTheRate_PassesWhenNothingElseWasUsed()
    {
        var gcra = new Gcra(_time);
        var rate = Rate.PerMinute(100);

        Assert.True(gcra.TryTake(rate, 5000, out var view, out var _));
        Assert.Equal(0, view.Remaining);
        Assert.False(gcra.TryTake(rate, 5000, out var _, out var wait));
        Assert.Equal(TimeSpan.FromMinutes(1), wait);
    }

    [Fact]
    public void Correct_MoreOrLessWasUsed_MovesWhatIsLeft()
    {
        var gcra = new Gcra(_time);
        var rate = Rate.PerMinute(1000);
        Assert.True(gcra.TryTake(rate, 400, out var _, out var _));

        gcra.Correct(rate, -300);
        Assert.Equal(900, gcra.Look(rate).Remaining);
        gcra.Correct(rate, 850);
        Assert.Equal(50, gcra.Look(rate).Remaining);

        gcra.Correct(rate, 1_000_000);
        Assert.Equal(TimeSpan.FromMinutes(2), gcra.Look(rate).Backlog);
    }

    [Fact]
    public void Correct_LongAfterwards_ChargesFromNow()
    {
        var gcra = new Gcra(_time);
        var rate = Rate.PerMinute(1000);
        Assert.True(gcra.TryTake(rate, 100, out var _, out var _));
        _time.Advance(TimeSpan.FromMinutes(5));

        gcra.Correct(rate, 300);

        Assert.Equal(700, gcra.Look(rate).Remaining);
    }

    [Fact]
    public void TryTake_AnyArrivals_NeverMoreThanRateAndBurstInAnyWindow() =>
        Gen.Select(Gen.Int[1, 500], Gen.Select(Gen.Int[0, 20_000], Gen.Int[1, 40]).Array[1, 80]).Sample((count, steps) =>
        {
            var time = new FakeTimeProvider();
            var gcra = new Gcra(time);
            var rate = Rate.PerMinute(count);
            var admitted = new List<(double At, long Units)>();
            var now = 0d;
            foreach (var (ms, units) in steps)
            {
                time.Advance(TimeSpan.FromMilliseconds(ms));
                now += ms / 60_000d;
                if (gcra.TryTake(rate, units, out var view, out var wait))
                {
                    admitted.Add((now, rate.Chargeable(units)));
                }
                else
                {
                    Assert.True(wait > TimeSpan.Zero);
                }

                Assert.InRange(view.Remaining, 0, count);
            }

            for (var first = 0; first < admitted.Count; first++)
            {
                long sum = 0;
                for (var last = first; last < admitted.Count; last++)
                {
                    sum += admitted[last].Units;
                    Assert.True(sum <= count + (count * (admitted[last].At - admitted[first].At)) + 1e-3);
                }
            }
        });

    [Fact]
    public async Task TryTake_FromManyThreads_LetsNoMorePass()
    {
        var gcra = new Gcra(_time);
        var taken = 0;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                if (gcra.TryTake(Rate.PerMinute(100), 1, out var _, out var _))
                {
                    Interlocked.Increment(ref taken);
                }
            }
        })));

        Assert.Equal(100, taken);
    }
}
