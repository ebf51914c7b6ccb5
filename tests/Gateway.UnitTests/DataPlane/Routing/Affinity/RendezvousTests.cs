using AIHigress.Gateway.DataPlane.Routing.Affinity;

namespace AIHigress.Gateway.UnitTests.DataPlane.Routing.Affinity;

public sealed class RendezvousTests
{
    private const int Prompts = 20_000;

    [Fact]
    public void Rank_OneUpstreamGoes_MovesOnlyItsOwnPrompts()
    {
        string[] all = ["a", "b", "c", "d"];

        foreach (var digest in Digests())
        {
            var before = Winner(digest, all);
            var after = Winner(digest, ["a", "b", "c"]);
            Assert.True(before == after || before == "d");
        }
    }

    [Fact]
    public void Rank_ByWeight_SharesPromptsInProportion()
    {
        var wins = Digests().CountBy(d => Rank("big", 3, d) > Rank("small", 1, d)).ToDictionary();

        Assert.InRange((double)wins[true] / Prompts, 0.74, 0.76);
    }

    [Fact]
    public void Rank_WeightZero_IsLast()
    {
        Assert.All(Digests(), d => Assert.True(Rank("reserve", 0, d) < Rank("usual", 1, d)));
    }

    [Fact]
    public void Rank_InEveryProcess_IsTheSame()
    {
        // Pinned: replicas and releases must agree.
        Assert.Equal("baacbabbaaacacaa", string.Concat(Enumerable.Range(0, 16).Select(i => Winner((ulong)i, ["a", "b", "c"]))));
    }

    private static IEnumerable<ulong> Digests()
    {
        var random = new Random(7);
        return Enumerable.Range(0, Prompts).Select(_ => (ulong)random.NextInt64());
    }

    private static string Winner(ulong digest, string[] names) => names.MaxBy(n => Rank(n, 1, digest))!;

    private static double Rank(string name, double weight, ulong digest) => Rendezvous.RankOf($"model|{name}|m", weight, digest);
}
