using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.DataPlane.Routing.Circuits;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.UnitTests.DataPlane.Routing;

public sealed class CircuitTests
{
    private const int Threshold = 3;
    private static readonly TimeSpan FirstOpen = TimeSpan.FromSeconds(60);
    private const int Caller = 10;
    private static readonly CircuitLimits Limits = new() { Failures = Threshold, Open = FirstOpen };
    private static readonly FailureSource Poison = new(Caller, 1, IsSure: false);
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Failed_BelowTheThreshold_StaysClosed()
    {
        var circuit = Circuit();

        Fail(circuit, 2);

        Assert.Equal(CircuitPhase.Closed, circuit.Phase);
        Assert.True(circuit.MayPass);
        Assert.Equal(0, circuit.OpenedAt);
    }

    [Fact]
    public void Failed_AtTheThreshold_OpensForTheFirstTime()
    {
        var circuit = Circuit();

        Fail(circuit, 3);

        Assert.Equal(CircuitPhase.Open, circuit.Phase);
        Assert.False(circuit.MayPass);
        Assert.False(circuit.TryStart(out _));
        Assert.Equal(_time.GetTimestamp(), circuit.OpenedAt);
    }

    [Fact]
    public void Failed_LongAfterOthers_DoesNotCountThem()
    {
        var circuit = Circuit();
        Fail(circuit, 2);

        _time.Advance(TimeSpan.FromSeconds(60));
        Fail(circuit, 2);
        Assert.Equal(CircuitPhase.Closed, circuit.Phase);

        Fail(circuit, 1);
        Assert.Equal(CircuitPhase.Open, circuit.Phase);
    }

    [Fact]
    public void Succeeded_BetweenFailures_StartsTheCountAnew()
    {
        var circuit = Circuit();
        Fail(circuit, 2);

        circuit.Succeeded(Pass(circuit), Caller);
        Fail(circuit, 2);

        Assert.Equal(CircuitPhase.Closed, circuit.Phase);
    }

    [Fact]
    public void TryStart_OpenTimeIsOver_LetsOneTrialPass()
    {
        var circuit = Circuit();
        Fail(circuit, 3);
        _time.Advance(FirstOpen - TimeSpan.FromTicks(1));
        Assert.False(circuit.TryStart(out _));

        _time.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(CircuitPhase.HalfOpen, circuit.Phase);
        Assert.True(circuit.MayPass);
        Assert.True(circuit.TryStart(out _));
        Assert.Equal(CircuitPhase.Trial, circuit.Phase);
        Assert.False(circuit.MayPass);
        Assert.False(circuit.TryStart(out _));
    }

    [Fact]
    public void Succeeded_Trial_Closes()
    {
        var circuit = Trial(out var trial);

        circuit.Succeeded(trial, Caller);

        Assert.Equal(CircuitPhase.Closed, circuit.Phase);
        Assert.Equal(0, circuit.OpenedAt);
        Fail(circuit, 2);
        Assert.Equal(CircuitPhase.Closed, circuit.Phase);
    }

    [Fact]
    public void Began_BetweenFailures_ForgetsNone()
    {
        var circuit = Circuit();
        for (var i = 0; i < 3; i++)
        {
            circuit.Began(Pass(circuit));
            Fail(circuit, 1);
        }

        Assert.Equal(CircuitPhase.Open, circuit.Phase);
    }

    [Fact]
    public void Began_Trial_Closes()
    {
        var circuit = Trial(out var trial);

        circuit.Began(trial);

        Assert.Equal(CircuitPhase.Closed, circuit.Phase);
    }

    [Fact]
    public void Abandoned_Trial_GivesItsPlaceToTheNext()
    {
        var circuit = Trial(out var trial);

        circuit.Abandoned(trial);

        Assert.True(circuit.TryStart(out _));
    }

    [Fact]
    public void Failed_TrialAfterTrial_DoublesTheOpenTimeUpToTenMinutes()
    {
        var circuit = Circuit();
        Fail(circuit, 3);
        foreach (var seconds in (int[])[60, 120, 240, 480, 600, 600])
        {
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
            Assert.False(circuit.TryStart(out _), $"open for {seconds} s");
            _time.Advance(TimeSpan.FromTicks(1));
            Assert.True(circuit.TryStart(out var trial), $"open for {seconds} s");
            Assert.True(trial.IsTrial);
            circuit.Failed(trial, Limits, FailureSource.Sure, "still away");
            Assert.Equal(CircuitPhase.Open, circuit.Phase);
        }
    }

    [Fact]
    public void Failed_WhileOpen_DoesNotKeepItOpenLonger()
    {
        var circuit = Circuit();
        Fail(circuit, 3);
        _time.Advance(TimeSpan.FromSeconds(59));

        Fail(circuit, 5);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(circuit.TryStart(out _));
    }

    [Fact]
    public void Failed_HalfOfManyRequests_OpensBelowTheThresholdInARow()
    {
        var circuit = Circuit();
        for (var i = 0; i < 10; i++)
        {
            circuit.Succeeded(Pass(circuit), Caller);
        }

        // Each success forgets failures in a row; the share is what opens it.
        for (var i = 0; i < 9; i++)
        {
            Fail(circuit, 1, threshold: 100);
            Assert.Equal(CircuitPhase.Closed, circuit.Phase);
        }

        Fail(circuit, 1, threshold: 100);
        Assert.Equal(CircuitPhase.Open, circuit.Phase);
    }

    [Fact]
    public async Task Failed_FromManyThreads_OpensOnce()
    {
        var circuit = Circuit();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Fail(circuit, 50))));

        _time.Advance(FirstOpen);
        Assert.True(circuit.TryStart(out _));
    }

    private Circuit Circuit() => new(_time);

    [Fact]
    public void TryStart_TrialNeverEnds_LetsTheNextTryAfterItsLease()
    {
        var circuit = Trial(out var lost);
        _time.Advance(AIHigress.Gateway.DataPlane.Routing.Circuits.Circuit.TrialLease - TimeSpan.FromTicks(1));
        Assert.False(circuit.TryStart(out _));

        _time.Advance(TimeSpan.FromTicks(1));

        Assert.True(circuit.MayPass);
        Assert.True(circuit.TryStart(out var trial));
        Assert.True(trial.IsTrial);
        Assert.False(circuit.TryStart(out _));
        circuit.Abandoned(lost);
        Assert.False(circuit.TryStart(out _), "the lost trial has no place to give back");
    }

    [Fact]
    public async Task TryStart_FromManyThreadsWhenTheTimeIsOver_LetsExactlyOnePass()
    {
        var circuit = Circuit();
        Fail(circuit, 3);
        _time.Advance(FirstOpen);
        using var ready = new Barrier(16);

        var passed = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Factory.StartNew(
            () =>
            {
                ready.SignalAndWait();
                return circuit.TryStart(out var pass) && pass.IsTrial;
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        Assert.Equal(1, passed.Count(p => p));
    }

    [Fact]
    public void Failed_SameRequestOfOneCaller_CountsOnce()
    {
        var circuit = Circuit();
        Assert.True(circuit.Failed(Pass(circuit), Limits, Poison, "500"));
        for (var i = 0; i < 100; i++)
        {
            Assert.False(circuit.Failed(Pass(circuit), Limits, Poison, "500"));
        }

        Assert.Equal(CircuitPhase.Closed, circuit.Phase);
        Assert.Equal(1, circuit.Failures);
    }

    [Fact]
    public void Failed_DifferentRequestsOrCallers_Opens()
    {
        foreach (var others in (FailureSource[][])[[Poison with { Request = 2 }, Poison with { Request = 3 }], [Poison with { Caller = 20 }, Poison with { Caller = 30 }]])
        {
            var circuit = Circuit();
            circuit.Failed(Pass(circuit), Limits, Poison, "500");
            foreach (var other in others)
            {
                Assert.Equal(CircuitPhase.Closed, circuit.Phase);
                circuit.Failed(Pass(circuit), Limits, other, "500");
            }

            Assert.Equal(CircuitPhase.Open, circuit.Phase);
            Assert.Equal("500", circuit.LastError);
        }
    }

    [Fact]
    public void Failed_ManyDifferentRequestsOfOneCallerWhileOthersAreServed_StaysClosed()
    {
        var circuit = Circuit();
        for (var i = 0; i < 50; i++)
        {
            circuit.Failed(Pass(circuit), Limits, Poison with { Request = i }, "500");
            circuit.Succeeded(Pass(circuit), caller: 20);
        }

        Assert.Equal(CircuitPhase.Closed, circuit.Phase);
    }

    [Fact]
    public void Succeeded_BeganBeforeItOpened_DoesNotClose()
    {
        var circuit = Circuit();
        var early = Pass(circuit);
        _time.Advance(TimeSpan.FromSeconds(1));
        Fail(circuit, 3);

        circuit.Succeeded(early, Caller);

        Assert.Equal(CircuitPhase.Open, circuit.Phase);
        circuit.Succeeded(circuit.StartAnyway(), Caller);
        Assert.Equal(CircuitPhase.Closed, circuit.Phase);
    }

    [Fact]
    public void Reset_Open_ClosesAndForgets()
    {
        var circuit = Circuit();
        Fail(circuit, 3);

        circuit.Reset();

        Assert.Equal((CircuitPhase.Closed, 0, null, 0L), (circuit.Phase, circuit.Failures, circuit.LastError, circuit.OpenedAt));
        Fail(circuit, 2);
        Assert.Equal(CircuitPhase.Closed, circuit.Phase);
    }

    [Fact]
    public void Adopt_OfAnOpenCircuit_IsOpenForTheSameTimeAndClosesWithIt()
    {
        var (here, there) = (Circuit(), Circuit());
        Assert.Null(there.Export());
        Fail(there, 3);
        _time.Advance(TimeSpan.FromSeconds(20));

        here.Adopt(there.Export()!);

        Assert.Equal(CircuitPhase.Open, here.Phase);
        Assert.Equal((TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(20)), (here.Left, here.OpenFor));
        _time.Advance(TimeSpan.FromSeconds(40));
        Assert.True(there.TryStart(out var trial));
        there.Succeeded(trial, Caller);
        _time.Advance(TimeSpan.FromSeconds(1));
        here.Adopt(there.Export()!);
        Assert.Equal(CircuitPhase.Closed, here.Phase);
    }

    [Fact]
    public void Adopt_OfAnOlderRecord_ChangesNothing()
    {
        var (here, there) = (Circuit(), Circuit());
        Fail(there, 3);
        _time.Advance(TimeSpan.FromSeconds(5));
        here.Adopt(there.Export()!);
        here.Reset();
        _time.Advance(TimeSpan.FromSeconds(1));

        here.Adopt(there.Export()!);

        Assert.Equal(CircuitPhase.Closed, here.Phase);
        there.Adopt(here.Export()!);
        Assert.Equal(CircuitPhase.Closed, there.Phase);
    }

    private Circuit Trial(out CircuitPass trial)
    {
        var circuit = Circuit();
        Fail(circuit, 3);
        _time.Advance(FirstOpen);
        Assert.True(circuit.TryStart(out trial));
        return circuit;
    }

    private static CircuitPass Pass(Circuit circuit) => circuit.StartAnyway();

    private static void Fail(Circuit circuit, int times, int threshold = Threshold)
    {
        for (var i = 0; i < times; i++)
        {
            circuit.Failed(threshold, FirstOpen);
        }
    }
}
