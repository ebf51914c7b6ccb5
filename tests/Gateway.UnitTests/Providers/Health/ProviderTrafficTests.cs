using AIHigress.Gateway.Features.Providers.Health.Traffic;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.UnitTests.Providers.Health;

public sealed class ProviderTrafficTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 30, TimeSpan.Zero));

    [Fact]
    public void Unstored_Counts_AreOfTheirMinuteAndOnlyWhatIsNew()
    {
        var traffic = new ProviderTraffic(_time);
        traffic.Answered("a", 100);
        traffic.Failed("a");
        _time.Advance(TimeSpan.FromMinutes(1));
        traffic.Answered("a", null);

        var slots = traffic.Unstored().OrderBy(s => s.Minute).ToList();
        var rows = slots.ConvertAll(s => s.ToRow("r"));
        slots[0].Stored(rows[0].Changes);

        Assert.Equal([(1, 1), (1, 0)], rows.Select(r => (r.Row.Answered, r.Row.Failed)));
        Assert.Equal((1, 0), (rows[0].Row.Ttft.Sum(), rows[1].Row.Ttft.Length));
        Assert.Equal(rows[0].Row.Minute + 1, rows[1].Row.Minute);
        Assert.Equal(slots[1], Assert.Single(traffic.Unstored()));
        Assert.True(slots[0].HasRow);
    }

    [Fact]
    public void Answered_FromManyThreads_LosesNothing()
    {
        var traffic = new ProviderTraffic(_time);

        Parallel.For(0, 10_000, i =>
        {
            if (i % 4 == 0)
            {
                traffic.Failed("a");
            }
            else
            {
                traffic.Answered("a", i % 1000);
            }
        });

        var row = Assert.Single(traffic.Unstored()).ToRow("r").Row;
        Assert.Equal((7500, 2500, 7500), (row.Answered, row.Failed, row.Ttft.Sum()));
    }

    [Fact]
    public void Percentile_OfAnyTimes_IsWithinAStepOfTheTruth() =>
        Gen.Int[10, 600_000].Array[1, 300].Sample(times =>
        {
            var counts = new int[TtftScale.Steps];
            Array.ForEach(times, ms => counts[TtftScale.StepOf(ms)]++);
            Array.Sort(times);
            var truth = times[(int)Math.Ceiling(times.Length * 0.95) - 1];

            var read = TtftScale.Percentile(counts, 0.95)!.Value;

            Assert.InRange(read / truth, 0.92, 1.08);
        });

    [Fact]
    public void Percentile_OfNothing_IsUnknown() => Assert.Null(TtftScale.Percentile(new int[TtftScale.Steps], 0.5));
}
