using System.Security.Cryptography;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Faults;

/// <summary>kill -9 in the middle of load: what clients got in full is what is accounted, no more and no less.</summary>
public sealed class GatewayKilledTests
{
    private const int FewKills = 5;
    private const int ManyKills = 20;
    private const int SteadyClients = 120;
    private const int Burst = 120;
    private const int LeastInFlight = 60;

    // Some of the burst must still be on its way at the kill, whatever the steady clients do at that moment.
    private const int MostOfBurst = Burst * 2 / 3;

    [Fact]
    public Task Kill_FiveTimesUnderLoad_EveryWholeAnswerHasExactlyOneRow() => KillAsync(FewKills);

    [Fact(Explicit = true)]
    [Trait(Soak.Trait, Soak.Value)]
    public Task Kill_TwentyTimesUnderLoad_EveryWholeAnswerHasExactlyOneRow() => KillAsync(ManyKills);

    private static async Task KillAsync(int kills)
    {
        await using var mock = await MockUpstreamProcess.StartAsync(new MockUpstreamOptions { Name = "up", Journal = false });
        var declaration = new GatewayDeclaration()
            .Provider("up", mock.OpenAIBaseUrl)
            .Model("fast", ("up", "mock-ok"))
            .Model("slow", ("up", "mock-latency=30"))
            .Model("stream", ("up", "mock-chunks=4"))
            .Model("slow-stream", ("up", "mock-chunks=5+delay=5"));
        for (var kill = 0; kill < kills; kill++)
        {
            declaration.Model($"burst-{kill}", ("up", $"mock-gate=burst-{kill}+chunks=4"));
        }

        await using var site = new GatewaySite(declaration);
        var loads = new List<Load>();
        for (var kill = 0; kill < kills; kill++)
        {
            loads.AddRange(await LoadAndKillAsync(site, mock, $"burst-{kill}"));
        }

        await site.StartAsync();
        await Eventually.TrueAsync(async () => await site.JournaledAsync() == 0, "the journal is stored");
        var rows = await site.Logs.AllAsync();
        AssertEachOnce(rows);
        Assert.Empty(loads.SelectMany(l => l.Failures));
        var ok = rows.Where(r => r.Ok).Select(r => Guid.Parse(r.ClientRequestId!)).ToHashSet();
        var whole = loads.SelectMany(l => l.Whole).ToHashSet();
        var cut = loads.SelectMany(l => l.Cut).ToHashSet();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{whole.Count} whole answers, {cut.Count} cut, of which {cut.Count(ok.Contains)} have a row; {rows.Count} rows");
        Assert.True(cut.Count >= kills * SteadyClients, $"only {cut.Count} answers were cut");
        Assert.Empty(whole.Except(ok));
        Assert.Empty(ok.Except(whole).Except(cut));
        Assert.All(rows, r => Assert.True(r.OutputTokens > 0 && !r.TokensEstimated));
    }

    /// <summary>
    /// Steady traffic, and many answers that are let go all at once: some of them are on their last bytes whenever the
    /// kill strikes.
    /// </summary>
    private static async Task<Load[]> LoadAndKillAsync(GatewaySite site, MockUpstreamProcess mock, string gate)
    {
        var gateway = await site.StartAsync();
        var steady = new Load(gateway.Address, ("fast", false), ("stream", true), ("slow", false), ("slow-stream", true));
        var burst = new Load(gateway.Address, (gate, false), (gate, true));
        steady.Start(SteadyClients);
        burst.Start(Burst, Burst);
        await mock.Control.WaitForGateAsync(gate, minWaiting: Burst, timeout: TestKit.Timeouts.Wait);
        await steady.WhenWholeAsync(RandomNumberGenerator.GetInt32(1, 300));

        await mock.Control.ReleaseAsync(gate, Burst * 10);
        await burst.WhenWholeAsync(RandomNumberGenerator.GetInt32(1, MostOfBurst));
        var inFlight = steady.InFlight + burst.InFlight;
        gateway.Kill();

        Assert.True(inFlight >= LeastInFlight, $"{inFlight} requests were in flight");
        await Task.WhenAll(steady.EndAsync(), burst.EndAsync());
        await gateway.WaitForExitAsync();
        return [steady, burst];
    }

    private static void AssertEachOnce(IReadOnlyList<LoggedRequest> rows)
    {
        Assert.Equal(rows.Count, rows.Select(r => r.RequestId).Distinct().Count());
        Assert.Equal(rows.Count, rows.Select(r => r.ClientRequestId).Distinct().Count());
    }
}
