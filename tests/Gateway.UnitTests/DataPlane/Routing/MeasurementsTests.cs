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

    [Fact]
    public void Confidence_WithoutTraffic_HalvesEveryTwoMinutes()
    {
        var measured = new Measurements(_time);
        Assert.Equal(0, measured.Read().Confidence);

        measured.AddFailure();
        Assert.Equal(1, measured.Read().Confidence);
        _time.Advance(TimeSpan.FromMinutes(4));

        Assert.Equal(0.25, measured.Read().Confidence, 10);
        Assert.Equal(1, measured.ErrorRate, 10);
    }

    [Fact]
    public void Slow_OfStreamsAndPlainAnswers_IsWhatComesAfterItsOwnNorm()
    {
        var measured = new Measurements(_time);
        measured.AddTtft(3999);
        measured.AddTtft(4001);
        measured.AddPlain(19_999);
        measured.AddPlain(20_001);
        for (var i = 0; i < 4; i++)
        {
            measured.AddSuccess();
        }

        Assert.Equal((2d, 2d), (measured.Read().InTime, measured.Read().Missed));
        Assert.Equal((4000d, 20_000d), (measured.Read().Ttft.Mean, measured.Read().Plain.Mean));
    }

    [Fact]
    public void TokensPerSecond_OfSeveralStreams_IsTheirMean()
    {
        var measured = new Measurements(_time);
        measured.AddSpeed(40);
        measured.AddSpeed(60);

        Assert.Equal(50, measured.TokensPerSecond, 10);
    }

    [Fact]
    public void SetRemote_WhatAnotherReplicaSaw_IsAddedAndReplaced()
    {
        var (here, there) = (new Measurements(_time), new Measurements(_time));
        here.AddSuccess();
        here.AddTtft(100);
        there.AddFailure();
        there.AddTtft(300);

        here.SetRemote([there.Export()]);
        Assert.Equal((0.5, 2L, 200d), (here.ErrorRate, here.Samples, here.Read().Ttft.Mean));
        Assert.Equal(1, here.Export().Samples);

        there.AddFailure();
        here.SetRemote([there.Export()]);
        Assert.Equal(2d / 3, here.ErrorRate, 10);
        Assert.Equal(3, here.Samples);

        here.SetRemote([]);
        Assert.Equal((0d, 1L), (here.ErrorRate, here.Samples));
    }

    [Fact]
    public void SetRemote_AnOldSnapshot_WeighsAsMuchAsIfItHadBeenSeenHere()
    {
        var (here, there) = (new Measurements(_time), new Measurements(_time));
        there.AddFailure();
        _time.Advance(TimeSpan.FromMinutes(2));
        here.AddSuccess();

        here.SetRemote([there.Export()]);
        Assert.Equal(0.5 / 1.5, here.ErrorRate, 10);

        _time.Advance(TimeSpan.FromMinutes(2));
        here.AddSuccess();
        Assert.Equal(0.25 / 1.75, here.ErrorRate, 10);
    }
}
