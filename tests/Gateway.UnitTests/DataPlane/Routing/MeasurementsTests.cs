using AIHigress.Gateway.DataPlane.Routing;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.UnitTests.DataPlane.Routing;

public sealed class MeasurementsTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Everything_Unmeasured_IsNeutral()
    {
        var measured = new Measurements(_time);

        Assert.Equal((0d, 0d, 0L), (measured.ErrorRate, measured.TtftP95Ms, measured.Samples));
    }

    [Fact]
    public void ErrorRate_AtOneInstant_IsTheShareOfFailures()
    {
        var measured = new Measurements(_time);
        measured.AddSuccess();
        measured.AddSuccess();
        measured.AddSuccess();
        measured.AddFailure();

        Assert.Equal(0.25, measured.ErrorRate, 10);
        Assert.Equal(4, measured.Samples);
    }

    [Fact]
    public void ErrorRate_TwoMinutesLater_WeighsTheOldByHalf()
    {
        var measured = new Measurements(_time);
        measured.AddFailure();
        _time.Advance(TimeSpan.FromMinutes(2));

        measured.AddSuccess();

        Assert.Equal(0.5 / 1.5, measured.ErrorRate, 10);
    }

    [Fact]
    public void TtftP95_OfEqualTimes_IsThatTime()
    {
        var measured = new Measurements(_time);
        for (var i = 0; i < 10; i++)
        {
            measured.AddTtft(300);
        }

        measured.AddSuccess();
        measured.AddFailure();

        Assert.Equal(300, measured.TtftP95Ms, 6);
    }

    [Fact]
    public void AddTtft_OfAStreamUnderWay_IsNoSampleYet()
    {
        var measured = new Measurements(_time);

        measured.AddTtft(300);
        measured.AddFailure();

        Assert.Equal((1d, 1L), (measured.ErrorRate, measured.Samples));
    }

    [Fact]
    public void TtftP95_OfSpreadTimes_IsAboveTheMean()
    {
        var measured = new Measurements(_time);
        foreach (var ms in (double[])[100, 300])
        {
            measured.AddTtft(ms);
        }

        Assert.Equal(200 + (1.645 * 100), measured.TtftP95Ms, 6);
    }

    [Fact]
    public async Task AddSuccess_FromManyThreads_LosesNone()
    {
        var measured = new Measurements(_time);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                measured.AddSuccess();
            }
        })));

        Assert.Equal(8000, measured.Samples);
    }
}
