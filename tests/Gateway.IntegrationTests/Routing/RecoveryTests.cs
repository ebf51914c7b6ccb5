using AIHigress.Gateway.IntegrationTests.Providers;

namespace AIHigress.Gateway.IntegrationTests.Routing;

/// <summary>An upstream that gets worse loses its traffic at once, is looked at now and then, and gets its share back step by step.</summary>
[Collection(RoutingGateway.Name)]
public sealed class RecoveryTests(RoutingGateway gateway)
{
    private PacedTraffic Traffic => gateway.Traffic;

    [Fact]
    public async Task Balanced_OneFailsForAWhile_LosesItsShareKeepsTheFloorAndComesBackStepByStep()
    {
        var (model, good, bad) = await TwoAsync("balanced");
        Assert.InRange(await ShareAsync(model, bad, 40), 0.3, 0.7);

        Traffic.Is(bad, 0.1, failsEach: 1);
        await ShareAsync(model, bad, 15);
        var failing = await ShareAsync(model, bad, 60);
        Assert.InRange(failing, 0.01, 0.15);

        Traffic.Is(bad, 0.1);
        var back = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            gateway.Clock.Advance(TimeSpan.FromMinutes(1));
            back.Add(await ShareAsync(model, bad, 40));
        }

        Assert.InRange(back[0], 0.01, 0.35);
        Assert.InRange(back[^1], 0.3, 0.7);
        Assert.True(back[0] < back[^1], string.Join(" ", back));
        Assert.NotEqual(good, bad);
    }

    [Fact]
    public async Task LatencyFirst_OneBecomesSlow_LosesItsShareWithinSecondsAndKeepsTheFloor()
    {
        var (model, _, bad) = await TwoAsync("latency_first");
        Assert.InRange(await ShareAsync(model, bad, 40), 0.3, 0.7);

        var before = gateway.Clock.GetUtcNow();
        Traffic.Is(bad, 3);
        for (var answers = 0; answers < 6;)
        {
            answers += (await Traffic.AskAsync(model))[0] == bad ? 1 : 0;
        }

        Assert.InRange((gateway.Clock.GetUtcNow() - before).TotalSeconds, 0, 30);
        Assert.InRange(await ShareAsync(model, bad, 80), 0.01, 0.25);
    }

    [Fact]
    public async Task ReliabilityFirst_OneIsHopeless_IsStillLookedAt()
    {
        var (model, _, bad) = await TwoAsync("reliability_first");
        Traffic.Is(bad, 0.1, failsEach: 1);
        for (var i = 0; i < 5; i++)
        {
            await Traffic.AskAsync(model, bad);
        }

        Assert.InRange(await ShareAsync(model, bad, 200), 0.005, 0.06);
    }

    private async Task<double> ShareAsync(string model, string upstream, int requests) =>
        (await Traffic.SharesAsync(model, requests)).GetValueOrDefault(upstream);

    /// <summary>A model over two equal upstreams that have been in use.</summary>
    private async Task<(string Model, string Good, string Bad)> TwoAsync(string strategy)
    {
        var admin = await gateway.AdminAsync();
        var (good, bad) = (UpstreamGateway.NewName("good"), UpstreamGateway.NewName("bad"));
        foreach (var name in (string[])[good, bad])
        {
            (await gateway.AddProviderAsync(admin, name, name)).MustBe(201);
            Traffic.Is(name, 0.1);
        }

        var model = await gateway.AddModelAsync(strategy, [(good, 1), (bad, 1)]);
        for (var i = 0; i < 8; i++)
        {
            await Traffic.AskAsync(model, good);
            await Traffic.AskAsync(model, bad);
        }

        return (model, good, bad);
    }
}
