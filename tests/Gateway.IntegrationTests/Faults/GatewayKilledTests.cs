using System.Security.Cryptography;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Faults;

/// <summary>kill -9 in the middle of load: what clients got in full is what is accounted, no more and no less.</summary>
public sealed class GatewayKilledTests
{
    private const int Kills = 5;
    private const int Clients = 160;
    private const int LeastInFlight = 100;

    [Fact]
    public async Task Kill_FiveTimesUnderLoad_EveryWholeAnswerHasExactlyOneRow()
    {
        await using var mock = await MockUpstreamProcess.StartAsync(new MockUpstreamOptions { Name = "up", Journal = false });
        await using var site = new GatewaySite(new GatewayDeclaration()
            .Provider("up", mock.OpenAIBaseUrl)
            .Model("fast", ("up", "mock-ok"))
            .Model("slow", ("up", "mock-latency=30"))
            .Model("stream", ("up", "mock-chunks=4"))
            .Model("slow-stream", ("up", "mock-chunks=5+delay=5")));
        var loads = new List<Load>();
        for (var kill = 0; kill < Kills; kill++)
        {
            var gateway = await site.StartAsync();
            var load = new Load(gateway.Address, ("fast", false), ("stream", true), ("slow", false), ("slow-stream", true));
            loads.Add(load);
            load.Start(Clients);
            await load.WhenWholeAsync(Clients + RandomNumberGenerator.GetInt32(400));
            var inFlight = load.InFlight;
            gateway.Kill();
            Assert.True(inFlight >= LeastInFlight, $"{inFlight} requests were in flight");
            await load.EndAsync();
            await gateway.WaitForExitAsync();
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
        Assert.True(cut.Count >= Kills * LeastInFlight, $"only {cut.Count} answers were cut");
        Assert.Empty(whole.Except(ok));
        Assert.Empty(ok.Except(whole).Except(cut));
        Assert.All(rows, r => Assert.True(r.OutputTokens > 0 && !r.TokensEstimated));
    }

    private static void AssertEachOnce(IReadOnlyList<LoggedRequest> rows)
    {
        Assert.Equal(rows.Count, rows.Select(r => r.RequestId).Distinct().Count());
        Assert.Equal(rows.Count, rows.Select(r => r.ClientRequestId).Distinct().Count());
    }
}
