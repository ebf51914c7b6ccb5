using AIHigress.Gateway.IntegrationTests.Providers;

namespace AIHigress.Gateway.IntegrationTests.Routing;

/// <summary>An upstream that gets worse loses its traffic at once, is looked at now and then, and gets its share back step by step.</summary>
[Collection(RoutingGateway.Name)]
public sealed class RecoveryTests(RoutingGateway gateway) : IAsyncLifetime
{
    private PacedTraffic Traffic => gateway.Traffic;

    // A floor of a tenth: to be seen in few requests.
    public async ValueTask InitializeAsync() =>
        (await gateway.PutPolicyAsync(new { ttft_norm_ms = 400, exploration = new { share = 0.1, samples = 8 } })).MustBe(200);

    public async ValueTask DisposeAsync() => (await gateway.PutPolicyAsync(RoutingGateway.UsualPolicy)).MustBe(200);

    [Fact]
    public async Task Balanced_OneFailsForAWhile_LosesItsShareKeepsTheFloorAndComesBackStepByStep()
    {
        var (model, _, bad) = await TwoAsync("balanced");
        Assert.InRange(await ShareAsync(model, bad, 30), 0.25, 0.75);

        Traffic.Is(bad, 0.1, failsEach: 1);
        await ShareAsync(model, bad, 12);
        var failing = await ShareAsync(model, bad, 50);
        Assert.InRange(failing, 0.01, 0.25);

        Traffic.Is(bad, 0.1);
        var back = new List<double>();
        for (var i = 0; i < 4; i++)
        {
            gateway.Clock.Advance(TimeSpan.FromMinutes(1));
            back.Add(await ShareAsync(model, bad, 30));
        }

        Assert.True(back[0] <= 0.4 && back[^1] is >= 0.25 and <= 0.75 && back[0] < back[^1], string.Join(" ", back));
    }

    [Fact]
    public async Task CostFirst_TheFavouriteBecomesSlow_LosesItsShareWithinSecondsAndKeepsTheFloor()
    {
        var (model, good, bad) = await TwoAsync("cost_first");
        gateway.Costs[good] = 0.5;
        gateway.Costs[bad] = 0.4;
        Assert.InRange(await ShareAsync(model, bad, 20), 0.7, 1);

        var before = gateway.Clock.GetUtcNow();
        Traffic.Is(bad, 3);
        for (var answers = 0; answers < 4;)
        {
            answers += (await Traffic.AskAsync(model))[0] == bad ? 1 : 0;
        }

        Assert.InRange((gateway.Clock.GetUtcNow() - before).TotalSeconds, 0, 30);
        Assert.InRange(await ShareAsync(model, bad, 50), 0.01, 0.25);
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

        Assert.InRange(await ShareAsync(model, bad, 60), 0.01, 0.25);
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

        gateway.RestartChance();
        var model = await gateway.AddModelAsync(strategy, [(good, 1), (bad, 1)]);
        for (var i = 0; i < 8; i++)
        {
            await Traffic.AskAsync(model, good);
            await Traffic.AskAsync(model, bad);
        }

        return (model, good, bad);
    }
}
