using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.Features.Models;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.UnitTests.DataPlane.Routing;

public sealed class CandidateOrderTests
{
    private const int Draws = 20_000;
    private readonly FakeTimeProvider _time = new();
    private readonly CandidateOrder _order = new(new Random(20261124));

    [Fact]
    public void Sort_Weighted_PicksTheFirstInProportion()
    {
        var (a, b, c) = (Candidate("a", 6), Candidate("b", 3), Candidate("c", 1));

        var firsts = FirstPicks(RoutingStrategy.Weighted, a, b, c);

        Assert.InRange(firsts["a"], 0.57, 0.63);
        Assert.InRange(firsts["b"], 0.27, 0.33);
        Assert.InRange(firsts["c"], 0.08, 0.12);
    }

    [Fact]
    public void Sort_Weighted_PutsTheRestByWeight()
    {
        List<Candidate> candidates = [Candidate("a", 1), Candidate("b", 5), Candidate("c", 3)];

        _order.Sort(candidates, 0, RoutingStrategy.Weighted);

        var rest = candidates.Skip(1).Select(c => c.Upstream.Weight).ToList();
        Assert.Equal(rest.OrderDescending(), rest);
    }

    [Fact]
    public void Sort_WeightZero_IsOnlyAFallback()
    {
        var firsts = FirstPicks(RoutingStrategy.Weighted, Candidate("reserve", 0), Candidate("usual", 1));

        Assert.Equal(1, firsts["usual"]);
    }

    [Fact]
    public void Sort_FromAnIndexOn_LeavesWhatIsBefore()
    {
        List<Candidate> candidates = [Candidate("z", 0), Candidate("a", 1), Candidate("b", 9)];

        _order.Sort(candidates, 1, RoutingStrategy.Weighted);

        Assert.Equal("z", candidates[0].Upstream.Provider.Id);
        Assert.Equal(3, candidates.Count);
    }

    [Fact]
    public void Sort_Balanced_TakesErrorsAndSlownessOffTheScore()
    {
        var (good, failing, slow) = (Candidate("good", 1), Candidate("failing", 1), Candidate("slow", 1));
        Measure(good, 40, ttftMs: 100);
        Measure(slow, 40, ttftMs: 8000);
        for (var i = 0; i < 40; i++)
        {
            failing.State.Measured.AddFailure();
        }

        _order.Sort([good, failing, slow], 0, RoutingStrategy.Balanced);

        Assert.Equal((0.3 * 100 / 4000, 0d), (good.Score.Latency, good.Score.Error));
        Assert.Equal((0.3, 0d), (slow.Score.Latency, slow.Score.Error));
        Assert.Equal((0.3 * ((100d / 4000) + 1) / 2, 0.3), (failing.Score.Latency, failing.Score.Error));
        Assert.True(good.Score.Total > slow.Score.Total && slow.Score.Total > failing.Score.Total);
    }

    [Fact]
    public void Sort_Balanced_PrefersTheLessBusyOfTwo()
    {
        var (busy, idle) = (Candidate("busy", 1), Candidate("idle", 1));
        Measure(busy, 40, ttftMs: 100);
        Measure(idle, 40, ttftMs: 100);
        busy.State.Enter();

        var firsts = FirstPicks(RoutingStrategy.Balanced, busy, idle);

        Assert.InRange(firsts["busy"], 0.015, 0.025);
    }

    [Fact]
    public void Sort_Balanced_GivesANewcomerItsShareAlthoughItIsBusier()
    {
        var (newcomer, known) = (Candidate("newcomer", 1), Candidate("known", 1));
        Measure(known, 40, ttftMs: 100);
        newcomer.State.Enter();

        var firsts = FirstPicks(RoutingStrategy.Balanced, newcomer, known);

        Assert.InRange(firsts["newcomer"], 0.012, 0.03);
    }

    [Fact]
    public void Sort_HalfOpenCircuit_PaysThePenalty()
    {
        var candidate = Candidate("a", 1);
        for (var i = 0; i < 3; i++)
        {
            candidate.State.Circuit.Failed(3, TimeSpan.FromSeconds(60));
        }

        _time.Advance(TimeSpan.FromSeconds(60));
        _order.Sort([candidate, Candidate("b", 1)], 0, RoutingStrategy.Balanced);

        Assert.Equal(0.2, candidate.Score.Penalty);
    }

    private static void Measure(Candidate candidate, int samples, double ttftMs)
    {
        for (var i = 0; i < samples; i++)
        {
            candidate.State.Measured.AddTtft(ttftMs);
            candidate.State.Measured.AddSuccess();
        }
    }

    private Dictionary<string, double> FirstPicks(RoutingStrategy strategy, params Candidate[] candidates)
    {
        var counts = candidates.ToDictionary(c => c.Upstream.Provider.Id, _ => 0d);
        for (var i = 0; i < Draws; i++)
        {
            var list = candidates.ToList();
            _order.Sort(list, 0, strategy);
            Assert.Equal(candidates.Length, list.Distinct().Count());
            counts[list[0].Upstream.Provider.Id] += 1d / Draws;
        }

        return counts.ToDictionary(c => c.Key, c => Math.Round(c.Value, 6));
    }

    private Candidate Candidate(string provider, double weight) =>
        new("model", Routes.Upstream(Routes.Provider(provider), weight), new UpstreamState(_time));
}
