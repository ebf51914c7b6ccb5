using AIHigress.Gateway.DataPlane.Replicas;
using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.DataPlane.Routing.Circuits;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.UnitTests.DataPlane.Replicas;

/// <summary>What one replica tells, and what another makes of it.</summary>
public sealed class ReplicaNewsTests
{
    private static readonly Guid Key = Guid.Parse("0197a000-0000-7000-8000-000000000001");
    private readonly FakeTimeProvider _time = new();
    private readonly UpstreamBoard _here;
    private readonly UpstreamBoard _there;
    private readonly OwnNews _news;
    private readonly RemoteParts _parts;

    public ReplicaNewsTests()
    {
        _here = new UpstreamBoard(_time);
        _there = new UpstreamBoard(_time);
        _news = new OwnNews(_here, _time);
        _parts = new RemoteParts(_there, _time);
    }

    [Fact]
    public void Upstreams_NothingNew_AreToldOnce()
    {
        _here.Upstream("a").Measured.AddSuccess();
        Open(_here, "b");

        Assert.Equal(["a", "b"], _news.Upstreams().Select(u => u.Key).Order(StringComparer.Ordinal));
        _time.Advance(TimeSpan.FromSeconds(7));
        Assert.Empty(_news.Upstreams());

        _here.Upstream("a").Measured.AddFailure();
        var again = Assert.Single(_news.Upstreams());
        Assert.Equal(("a", 2L), (again.Key, again.Measured!.Samples));
        Assert.Null(again.Circuit);
    }

    [Fact]
    public void Forget_AfterAGap_TellsAll()
    {
        _here.Upstream("a").Measured.AddSuccess();
        _here.Key(Key).RateLimited(TimeSpan.FromMinutes(5));
        _news.Upstreams();
        _news.Keys();
        Assert.Empty(_news.Keys());

        _news.Forget();

        Assert.Single(_news.Upstreams());
        Assert.Single(_news.Keys());
    }

    [Fact]
    public void Take_MeasurementsOfTwoReplicas_AreAddedAndReplacedNotDoubled()
    {
        _here.Upstream("a").Measured.AddFailure();
        Tell("one");
        Tell("one", all: true);
        Assert.Equal(1, _there.Upstream("a").Measured.Samples);

        Tell("two", all: true);
        Assert.Equal(2, _there.Upstream("a").Measured.Samples);
        Assert.Equal(1, _there.Upstream("a").Measured.ErrorRate, 3);
        Assert.Equal(2, _parts.Count);
    }

    [Fact]
    public void Expire_SilentReplica_NoLongerCountsButItsCircuitStays()
    {
        _here.Upstream("a").Measured.AddFailure();
        Open(_here, "a");
        Tell("one");
        _time.Advance(RemoteParts.TimeToLive - TimeSpan.FromSeconds(1));
        _parts.Expire();
        Assert.Equal(1, _there.Upstream("a").Measured.Samples);

        _time.Advance(TimeSpan.FromSeconds(2));
        _parts.Expire();

        Assert.Equal(0, _there.Upstream("a").Measured.Samples);
        Assert.Equal(CircuitPhase.Open, _there.Upstream("a").Circuit.Phase);
        Assert.Equal(0, _parts.Count);
    }

    [Fact]
    public void Take_Goodbye_DropsItsMeasurementsAtOnce()
    {
        _here.Upstream("a").Measured.AddSuccess();
        Tell("one");

        _parts.Take(new ReplicaMessage("one", Goodbye: true));

        Assert.Equal(0, _there.Upstream("a").Measured.Samples);
    }

    [Fact]
    public void Take_OpenCircuitAndRest_AreAdoptedAndNotToldBack()
    {
        Open(_here, "a");
        _here.Key(Key).RateLimited(TimeSpan.FromMinutes(5));
        Tell("one");

        Assert.Equal(CircuitPhase.Open, _there.Upstream("a").Circuit.Phase);
        Assert.InRange(_there.Key(Key).Rests, TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        var back = new OwnNews(_there, _time);
        Assert.Empty(back.Upstreams());
        Assert.Empty(back.Keys());
    }

    [Fact]
    public void Take_ClosedByAnOperator_ClosesThereToo()
    {
        Open(_here, "a");
        Tell("one");
        _time.Advance(TimeSpan.FromSeconds(3));
        _here.Upstream("a").Circuit.Reset();

        Tell("one");

        Assert.Equal(CircuitPhase.Closed, _there.Upstream("a").Circuit.Phase);
    }

    [Fact]
    public void Circuits_OfTheNamedAlone_CarryNoMeasurements()
    {
        Open(_here, "a");
        Open(_here, "b");
        _here.Upstream("a").Measured.AddFailure();

        var told = Assert.Single(_news.Circuits(["a"]));

        Assert.Equal("a", told.Key);
        Assert.True(told.Circuit!.Open);
        Assert.Null(told.Measured);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"from\":")]
    [InlineData("null")]
    public void Read_WhatNobodyHereWrote_IsPassedOver(string text) => Assert.Null(ReplicaMessage.Read(text));

    [Fact]
    public async Task Touched_ManyFailuresOfOneUpstream_AreOneNote()
    {
        var signal = new ReplicaSignal();
        signal.Touched("unheard", null);
        signal.Follow();
        for (var i = 0; i < 100; i++)
        {
            signal.Touched("a", Key);
        }

        Assert.True(await signal.WaitAsync(TimeSpan.FromSeconds(1), _time, CancellationToken.None));
        var (upstreams, keys) = signal.Take();
        Assert.Equal(["a"], upstreams);
        Assert.Equal([Key], keys);

        var waiting = signal.WaitAsync(TimeSpan.FromSeconds(1), _time, CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(await waiting);
    }

    /// <summary>Through the wire form, as another process gets it.</summary>
    private void Tell(string replica, bool all = false)
    {
        if (all)
        {
            _news.Forget();
        }

        var message = new ReplicaMessage(replica) { Upstreams = _news.Upstreams(), Keys = _news.Keys() };
        _parts.Take(ReplicaMessage.Read(message.Text())!);
    }

    private static void Open(UpstreamBoard board, string upstream)
    {
        var circuit = board.Upstream(upstream).Circuit;
        for (var i = 0; i < 3; i++)
        {
            circuit.Failed(circuit.StartAnyway(), CircuitLimits.Default, FailureSource.Sure, "refused");
        }

        Assert.Equal(CircuitPhase.Open, circuit.Phase);
    }
}
