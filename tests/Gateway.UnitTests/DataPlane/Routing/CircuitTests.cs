using AIHigress.Gateway.DataPlane.Routing;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.UnitTests.DataPlane.Routing;

public sealed class CircuitTests
{
    private const int Threshold = 3;
    private static readonly TimeSpan FirstOpen = TimeSpan.FromSeconds(60);
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
        Assert.False(circuit.TryStart());
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

        circuit.Succeeded();
        Fail(circuit, 2);

        Assert.Equal(CircuitPhase.Closed, circuit.Phase);
    }

    [Fact]
    public void TryStart_OpenTimeIsOver_LetsOneTrialPass()
    {
        var circuit = Circuit();
        Fail(circuit, 3);
        _time.Advance(FirstOpen - TimeSpan.FromTicks(1));
        Assert.False(circuit.TryStart());

        _time.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(CircuitPhase.HalfOpen, circuit.Phase);
        Assert.True(circuit.MayPass);
        Assert.True(circuit.TryStart());
        Assert.Equal(CircuitPhase.Trial, circuit.Phase);
        Assert.False(circuit.MayPass);
        Assert.False(circuit.TryStart());
    }

    [Fact]
    public void Succeeded_Trial_Closes()
    {
        var circuit = Trial();

        circuit.Succeeded();

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
            circuit.Began();
            Fail(circuit, 1);
        }

        Assert.Equal(CircuitPhase.Open, circuit.Phase);
    }

    [Fact]
    public void Began_Trial_Closes()
    {
        var circuit = Trial();

        circuit.Began();

        Assert.Equal(CircuitPhase.Closed, circuit.Phase);
    }

    [Fact]
    public void Abandoned_Trial_GivesItsPlaceToTheNext()
    {
        var circuit = Trial();

        circuit.Abandoned();

        Assert.True(circuit.TryStart());
    }

    [Fact]
    public void Failed_TrialAfterTrial_DoublesTheOpenTimeUpToTenMinutes()
    {
        var circuit = Circuit();
        Fail(circuit, 3);
        foreach (var seconds in (int[])[60, 120, 240, 480, 600, 600])
        {
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
            Assert.False(circuit.TryStart(), $"open for {seconds} s");
            _time.Advance(TimeSpan.FromTicks(1));
            Assert.True(circuit.TryStart(), $"open for {seconds} s");
            Fail(circuit, 1);
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
        Assert.True(circuit.TryStart());
    }

    [Fact]
    public void Failed_HalfOfManyRequests_OpensBelowTheThresholdInARow()
    {
        var circuit = Circuit();
        for (var i = 0; i < 10; i++)
        {
            circuit.Succeeded();
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
        Assert.True(circuit.TryStart());
    }

    private Circuit Circuit() => new(_time);

    private Circuit Trial()
    {
        var circuit = Circuit();
        Fail(circuit, 3);
        _time.Advance(FirstOpen);
        Assert.True(circuit.TryStart());
        return circuit;
    }

    private static void Fail(Circuit circuit, int times, int threshold = Threshold)
    {
        for (var i = 0; i < times; i++)
        {
            circuit.Failed(threshold, FirstOpen);
        }
    }
}
