using AIHigress.Gateway.Features.Providers.Health;

namespace AIHigress.Gateway.UnitTests.Providers.Health;

public sealed class HealthRulesTests
{
    private static readonly TrafficEvidence Quiet = new(0, 0);

    [Theory]
    [InlineData(ProviderHealth.Unknown, 0, 0, ProviderHealth.Unknown)]
    [InlineData(ProviderHealth.Unknown, 2, 0, ProviderHealth.Unknown)]
    [InlineData(ProviderHealth.Unknown, 3, 0, ProviderHealth.Down)]
    [InlineData(ProviderHealth.Unknown, 0, 1, ProviderHealth.Healthy)]
    [InlineData(ProviderHealth.Healthy, 2, 0, ProviderHealth.Healthy)]
    [InlineData(ProviderHealth.Healthy, 3, 0, ProviderHealth.Down)]
    [InlineData(ProviderHealth.Degraded, 3, 0, ProviderHealth.Down)]
    [InlineData(ProviderHealth.Down, 0, 1, ProviderHealth.Down)]
    [InlineData(ProviderHealth.Down, 0, 2, ProviderHealth.Degraded)]
    [InlineData(ProviderHealth.Degraded, 0, 1, ProviderHealth.Degraded)]
    [InlineData(ProviderHealth.Degraded, 0, 2, ProviderHealth.Healthy)]
    public void Next_ByProbesAlone_FallsAtThreeAndRisesOneStepAtTwo(ProviderHealth now, int failed, int good, ProviderHealth expected) =>
        Assert.Equal(expected, HealthRules.Next(now, new ProbeEvidence(failed, good, Watched: true), Quiet).Health);

    [Theory]
    [InlineData(19, 0, ProviderHealth.Unknown)]
    [InlineData(20, 0, ProviderHealth.Healthy)]
    [InlineData(0, 19, ProviderHealth.Unknown)]
    [InlineData(0, 20, ProviderHealth.Down)]
    [InlineData(10, 10, ProviderHealth.Down)]
    [InlineData(11, 9, ProviderHealth.Degraded)]
    [InlineData(18, 2, ProviderHealth.Degraded)]
    [InlineData(19, 2, ProviderHealth.Healthy)]
    public void Next_ByTrafficAlone_TakesTwentyRequestsAndTheirErrorRate(int answered, int failed, ProviderHealth expected) =>
        Assert.Equal(expected, HealthRules.Next(ProviderHealth.Unknown, new ProbeEvidence(0, 0, Watched: true), new TrafficEvidence(answered, failed)).Health);

    [Theory]
    [InlineData(401, 200, ProviderHealth.Degraded)]
    [InlineData(400, 200, ProviderHealth.Healthy)]
    public void Next_FirstTokensOverTwiceTheUsual_Degraded(double now, double usual, ProviderHealth expected)
    {
        var verdict = HealthRules.Next(ProviderHealth.Healthy, new ProbeEvidence(0, 0, Watched: true), new TrafficEvidence(30, 0, now, usual));

        Assert.Equal(expected, verdict.Health);
        Assert.Equal(expected == ProviderHealth.Degraded ? "slow" : null, verdict.Reason);
    }

    [Fact]
    public void Next_SlowWithoutAHistory_IsNoReason() =>
        Assert.Equal(ProviderHealth.Healthy, HealthRules.Next(ProviderHealth.Healthy, new ProbeEvidence(0, 0, Watched: true), new TrafficEvidence(30, 0, 9000)).Health);

    [Theory]
    [InlineData(ProviderHealth.Degraded)]
    [InlineData(ProviderHealth.Down)]
    public void Next_TrafficStillFails_GoodProbesDoNotLift(ProviderHealth now)
    {
        var verdict = HealthRules.Next(now, new ProbeEvidence(0, 5, Watched: true), new TrafficEvidence(10, 10));

        Assert.Equal(ProviderHealth.Down, verdict.Health);
    }

    [Theory]
    [InlineData(ProviderHealth.Healthy)]
    [InlineData(ProviderHealth.Degraded)]
    [InlineData(ProviderHealth.Down)]
    public void Next_NobodyProbesAndNobodyAsks_NothingIsKnownAnyMore(ProviderHealth now)
    {
        Assert.Equal(ProviderHealth.Unknown, HealthRules.Next(now, new ProbeEvidence(3, 0, Watched: false), Quiet).Health);
        Assert.Equal(now, HealthRules.Next(now, new ProbeEvidence(0, 0, Watched: true), Quiet).Health);
    }

    [Fact]
    public void Next_NotProbedButTrafficIsGood_RisesByTraffic() =>
        Assert.Equal(
            new Verdict(ProviderHealth.Healthy, "traffic_good"),
            HealthRules.Next(ProviderHealth.Degraded, new ProbeEvidence(0, 0, Watched: false), new TrafficEvidence(20, 1)));

    [Theory]
    [InlineData(300, 0, 300)]
    [InlineData(300, 1, 600)]
    [InlineData(300, 2, 1200)]
    [InlineData(300, 3, 1800)]
    [InlineData(300, 30, 1800)]
    [InlineData(3600, 2, 3600)]
    public void Interval_Backoff_DoublesUpToHalfAnHour(int seconds, int backoff, int expected) =>
        Assert.Equal(expected, ProbeInterval.Of(TimeSpan.FromSeconds(seconds), backoff).TotalSeconds);
}
