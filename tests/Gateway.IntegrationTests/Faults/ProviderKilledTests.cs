using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Faults;

/// <summary>A provider that goes away in the middle of load is not noticed by any client.</summary>
public sealed class ProviderKilledTests
{
    private const int Requests = 800;

    [Fact]
    public async Task Kill_OneOfTwoProvidersUnderLoad_NoRequestFails()
    {
        await using var doomed = await MockUpstreamProcess.StartAsync(new MockUpstreamOptions { Name = "doomed" });
        await using var staying = await MockUpstreamProcess.StartAsync(new MockUpstreamOptions { Name = "staying" });
        // A stream of one write is either all there or not begun: what broke after content could not be saved.
        await using var site = new GatewaySite(new GatewayDeclaration()
            .Provider("doomed", doomed.OpenAIBaseUrl)
            .Provider("staying", staying.OpenAIBaseUrl)
            .Model("plain", "weighted", [("doomed", "mock-latency=5"), ("staying", "mock-latency=5")])
            .Model("stream", "balanced", [("doomed", "mock-batch=100"), ("staying", "mock-batch=100")]));
        var gateway = await site.StartAsync();
        var load = new Load(gateway.Address, ("plain", false), ("stream", true));

        load.Start(clients: 24, Requests);
        await load.WhenWholeAsync(Requests / 4);
        var servedBefore = (await doomed.Control.StatsAsync()).Requests;
        await doomed.KillAsync();
        await load.EndAsync();

        Assert.True(servedBefore > Requests / 20, $"the doomed provider had served {servedBefore}");
        Assert.Empty(load.Failures);
        Assert.Empty(load.Cut);
        Assert.Equal(Requests, load.Whole.Count);
        await Eventually.TrueAsync(async () => (await site.Logs.AllAsync()).Count == Requests, "every request is logged");
        var rows = await site.Logs.AllAsync();
        Assert.All(rows, r => Assert.True(r.Ok));
        Assert.Contains(rows, r => r.Attempts is [("doomed", "network"), ("staying", "ok")]);
    }
}
