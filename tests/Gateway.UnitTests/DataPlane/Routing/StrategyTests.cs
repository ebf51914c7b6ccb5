using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Models.Policies;
using AIHigress.Gateway.Features.Providers.Health;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.UnitTests.DataPlane.Routing;

/// <summary>What each strategy goes by, with the clock and the dice held still.</summary>
public sealed class StrategyTests
{
    private const int Draws = 10_000;
    private readonly FakeTimeProvider _time = new();
    private readonly RoutingPolicies _policies = new();
    private readonly ProviderHealthBoard _health = new();
    private readonly Prices _prices = new();
    private readonly CandidateOrder _order;

    public StrategyTests() => _order = new CandidateOrder(new Random(20261124), _policies, _prices, _health);

    [Fact]
    public void LatencyFirst_OneIsSlower_LosesMoreThanByBalanced()
    {
        var (fast, slow) = (Known("fast", ttftMs: 200), Known("slow", ttftMs: 3000));

        var latency = Share("slow", RoutingStrategy.LatencyFirst, fast, slow);

        Assert.InRange(latency, 0.05, Share("slow", RoutingStrategy.Balanced, fast, slow) - 0.02);
    }

    [Fact]
    public void CostFirst_CheapAndSlow_TakesAllButTheFloor()
    {
        var (cheap, dear) = (Known("cheap", ttftMs: 1500), Known("dear", ttftMs: 100));
        _prices["cheap"] = 0.1;
        _prices["dear"] = 1;

        Assert.InRange(Share("dear", RoutingStrategy.CostFirst, cheap, dear), 0.015, 0.025);
        Assert.InRange(Share("cheap", RoutingStrategy.ReliabilityFirst, cheap, dear), 0.015, 0.025);
    }

    [Fact]
    public void CostFirst_TheDearOneHadTheTraffic_TheCheapOneStillWins()
    {
        var (cheap, dear) = (Known("cheap", ttftMs: 100, samples: 20), Known("dear", ttftMs: 100, samples: 500));
        _prices["cheap"] = 0.1;
        _prices["dear"] = 1;

        Assert.InRange(Share("dear", RoutingStrategy.CostFirst, cheap, dear), 0.015, 0.025);
    }

    [Fact]
    public void Score_PriceUnknown_IsNullAndCountsNothing()
    {
        var (a, b) = (Known("a", ttftMs: 100), Known("b", ttftMs: 100));
        _prices["b"] = 1;

        _order.Sort([a, b], 0, RoutingStrategy.CostFirst);

        Assert.Equal((null, 0.5), (a.Score.Cost, b.Score.Cost));
        Assert.Equal(a.Score.Weight - a.Score.Latency - a.Score.Error - a.Score.Penalty, a.Score.Total);
    }

    [Fact]
    public void ReliabilityFirst_OneFailsNowAndThen_TheOtherTakesAllButTheFloor()
    {
        var (sure, shaky) = (Known("sure", ttftMs: 1500), Known("shaky", ttftMs: 100));
        for (var i = 0; i < 20; i++)
        {
            shaky.State.Measured.AddFailure();
            Answer(shaky, 100, 1);
        }

        Assert.InRange(Share("shaky", RoutingStrategy.ReliabilityFirst, sure, shaky), 0.015, 0.025);
    }

    [Fact]
    public void Weighted_OneFailsAndIsSlow_KeepsItsShare()
    {
        var (good, bad) = (Known("good", ttftMs: 100), Known("bad", ttftMs: 9000));
        for (var i = 0; i < 30; i++)
        {
            bad.State.Measured.AddFailure();
        }

        Assert.InRange(Share("bad", RoutingStrategy.Weighted, good, bad), 0.48, 0.52);
    }

    [Fact]
    public void LeastBusy_OneIsBusy_IsLeftAloneInProportionToItsWeight()
    {
        var (small, large) = (Known("small", weight: 1), Known("large", weight: 4));
        for (var i = 0; i < 3; i++)
        {
            large.State.Enter();
        }

        small.State.Enter();

        Assert.InRange(Share("large", RoutingStrategy.LeastBusy, small, large), 0.75, 1);

        for (var i = 0; i < 20; i++)
        {
            large.State.Enter();
        }

        Assert.InRange(Share("large", RoutingStrategy.LeastBusy, small, large), 0, 0.1);
    }

    [Fact]
    public void Priority_WhateverWasMeasured_KeepsTheDeclaredOrder()
    {
        var (first, second) = (Known("first", ttftMs: 9000), Known("second", ttftMs: 10));
        first.State.Measured.AddFailure();

        Assert.Equal(1, Share("first", RoutingStrategy.Priority, first, second));
    }

    [Fact]
    public void Bandit_OneAnswersLate_IsTriedSeldom()
    {
        var (prompt, late) = (Known("prompt", ttftMs: 300), Known("late", ttftMs: 4500));

        Assert.InRange(Share("late", RoutingStrategy.Bandit, prompt, late), 0.015, 0.03);
    }

    [Fact]
    public void Bandit_LittleIsKnownOfOne_IsTriedOftenThoughTheOtherIsGood()
    {
        var (good, open) = (Known("good", ttftMs: 300, samples: 40), Candidate("open", 1));
        for (var i = 0; i < 6; i++)
        {
            good.State.Measured.AddFailure();
        }

        Assert.InRange(Share("open", RoutingStrategy.Bandit, good, open), 0.08, 0.5);
    }

    [Fact]
    public void Score_DegradedProvider_PaysHalfThePenalty()
    {
        var (a, b) = (Known("a"), Known("b"));
        _health.Publish(new Dictionary<string, ProviderHealth> { ["a"] = ProviderHealth.Degraded });

        _order.Sort([a, b], 0, RoutingStrategy.Balanced);

        Assert.Equal((0.1, 0d), (a.Score.Penalty, b.Score.Penalty));
    }

    [Fact]
    public void Score_ANewUpstream_IsTakenForAnAverageOne()
    {
        var (good, bad, fresh) = (Known("good", ttftMs: 400), Known("bad", ttftMs: 3600), Candidate("fresh", 1));

        _order.Sort([good, bad, fresh], 0, RoutingStrategy.LatencyFirst, isStream: true);

        Assert.Equal((good.Score.Latency + bad.Score.Latency) / 2, fresh.Score.Latency, 6);
    }

    [Fact]
    public void Score_LongWithoutTraffic_ForgetsWhatWasBad()
    {
        var (good, bad) = (Known("good"), Candidate("bad", 1));
        for (var i = 0; i < 40; i++)
        {
            bad.State.Measured.AddFailure();
        }

        var rates = new List<double>();
        for (var minute = 0; minute < 10; minute += 2)
        {
            Answer(good, 100, 20);
            _order.Sort([good, bad], 0, RoutingStrategy.Balanced);
            rates.Add(bad.Score.Error);
            _time.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.Equal(0.3, rates[0], 6);
        Assert.Equal(rates.OrderDescending(), rates);
        Assert.InRange(rates[^1], 0, 0.04);
    }

    [Fact]
    public void Score_PlainAnswersTakeLong_StreamsAreNotJudgedByThem()
    {
        var (streams, both) = (Known("streams", ttftMs: 400), Known("both", ttftMs: 400));
        for (var i = 0; i < 40; i++)
        {
            both.State.Measured.AddPlain(15_000);
            both.State.Measured.AddSuccess();
        }

        _order.Sort([streams, both], 0, RoutingStrategy.LatencyFirst, isStream: true);
        Assert.Equal(streams.Score.Latency, both.Score.Latency, 6);

        _order.Sort([streams, both], 0, RoutingStrategy.LatencyFirst, isStream: false);
        Assert.Equal((0.06, 0.45), (Math.Round(streams.Score.Latency, 6), Math.Round(both.Score.Latency, 6)));
    }

    [Theory]
    [InlineData(RoutingStrategy.Balanced)]
    [InlineData(RoutingStrategy.LatencyFirst)]
    [InlineData(RoutingStrategy.CostFirst)]
    [InlineData(RoutingStrategy.ReliabilityFirst)]
    [InlineData(RoutingStrategy.Bandit)]
    public void Floor_OneIsAsBadAsCanBe_KeepsTheLeastShare(RoutingStrategy strategy)
    {
        var (good, bad) = (Known("good"), Candidate("bad", 1));
        for (var i = 0; i < 60; i++)
        {
            bad.State.Measured.AddFailure();
        }

        Assert.InRange(Share("bad", strategy, good, bad), 0.015, strategy is RoutingStrategy.Balanced or RoutingStrategy.LatencyFirst ? 0.1 : 0.025);
    }

    [Fact]
    public void Floor_OfAReserve_IsNothing()
    {
        var (usual, reserve) = (Known("usual"), Candidate("reserve", 0));

        foreach (var strategy in (RoutingStrategy[])[RoutingStrategy.Balanced, RoutingStrategy.CostFirst, RoutingStrategy.Bandit, RoutingStrategy.LeastBusy])
        {
            Assert.Equal(0, Share("reserve", strategy, usual, reserve));
        }
    }

    [Fact]
    public void Policy_Coefficients_MoveTheScores()
    {
        var (fast, slow) = (Known("fast", ttftMs: 100), Known("slow", ttftMs: 4000));
        _policies.Publish(RoutingPolicy.Default with { Coefficients = new() { Balanced = new ScoreCoefficients(0.9, 0, 0, 0) }, TtftNormMs = 8000 });

        _order.Sort([fast, slow], 0, RoutingStrategy.Balanced);

        Assert.Equal(0.45, slow.Score.Latency, 6);
    }

    private static void Answer(Candidate candidate, double ttftMs, int samples)
    {
        for (var i = 0; i < samples; i++)
        {
            candidate.State.Measured.AddTtft(ttftMs);
            candidate.State.Measured.AddSuccess();
        }
    }

    private double Share(string provider, RoutingStrategy strategy, params Candidate[] candidates)
    {
        var first = 0;
        for (var i = 0; i < Draws; i++)
        {
            var list = candidates.ToList();
            _order.Sort(list, 0, strategy, isStream: true);
            first += list[0].Upstream.Provider.Id == provider ? 1 : 0;
        }

        return (double)first / Draws;
    }

    private Candidate Known(string provider, double ttftMs = 100, int samples = 40, double weight = 1)
    {
        var candidate = Candidate(provider, weight);
        Answer(candidate, ttftMs, samples);
        return candidate;
    }

    private Candidate Candidate(string provider, double weight) =>
        new("model", Routes.Upstream(Routes.Provider(provider), weight), new UpstreamState(_time, _policies));

    private sealed class Prices : Dictionary<string, double>, ICostBook
    {
        public double? NormOf(UpstreamRoute upstream) => TryGetValue(upstream.Provider.Id, out var norm) ? norm : null;
    }
}
