namespace AIHigress.Gateway.IntegrationTests.Routing;

/// <summary>
/// Seven upstreams, each the best at something else, and one model per strategy over all of them: every strategy gives
/// its own kind of upstream a share that no other strategy does.
/// </summary>
[Collection(RoutingGateway.Name)]
public sealed class StrategyShareTests(StrategyShares shares) : IClassFixture<StrategyShares>
{
    [Fact]
    public void Priority_AloneSendsEverythingToTheFirst()
    {
        Wins("priority", s => s("first"), by: 0.5);
        Assert.Equal(1, shares.Of("priority", "first"), 6);
    }

    [Fact]
    public void Weighted_AloneSendsMostToTheHeaviestThoughItIsBad() => Wins("weighted", s => s("heavy"), by: 0.15);

    [Fact]
    public void CostFirst_AloneSendsMostToTheCheapest() => Wins("cost_first", s => s("cheap"), by: 0.3);

    [Fact]
    public void ReliabilityFirst_AloneSendsMostToTheSurest() => Wins("reliability_first", s => s("sure"), by: 0.15);

    [Fact]
    public void LeastBusy_AloneUsesTheIdleOneThoughItIsBad() => Wins("least_busy", s => s("idle"), by: 0.1);

    [Fact]
    public void Bandit_AloneFindsTheOneThatAnswersInTimeThoughItWeighsLittle() => Wins("bandit", s => s("tiny"), by: 0.25);

    [Fact]
    public void LatencyFirst_AloneShiftsFromTheSlowToTheQuick() => Wins("latency_first", s => s("quick") - s("first"), by: 0.1);

    [Fact]
    public void Balanced_AloneUsesAllThatAreGoodAtSomething() =>
        // The geometric mean: high only when each of the four gets a fair part.
        Wins("balanced", s => Math.Pow(s("first") * s("quick") * s("cheap") * s("sure"), 0.25), by: 0.02);

    private void Wins(string strategy, Func<Func<string, double>, double> measure, double by)
    {
        var own = measure(kind => shares.Of(strategy, kind));
        foreach (var other in StrategyShares.Strategies.Where(o => o != strategy))
        {
            var its = measure(kind => shares.Of(other, kind));
            Assert.True(own >= its + by, $"{strategy} {own:0.00}, {other} {its:0.00}\n{shares.Table()}");
        }
    }
}

/// <summary>The traffic of all strategies, made once.</summary>
public sealed class StrategyShares(RoutingGateway gateway) : IAsyncLifetime
{
    private const int Requests = 110;
    private const int WarmUp = 8;

    public static readonly IReadOnlyList<string> Strategies =
        ["balanced", "latency_first", "cost_first", "reliability_first", "weighted", "least_busy", "priority", "bandit"];

    private static readonly IReadOnlyList<Kind> Kinds =
    [
        new("first", 10, 1.8, 14, 0.1, 2),
        new("heavy", 40, 2.1, 3, 1, 3),
        new("quick", 10, 0.05, 9, 0.9, 2),
        new("cheap", 10, 1.9, 14, 0, 2),
        new("sure", 10, 0.6, 25, 0.35, 2),
        new("idle", 9, 2.2, 4, 1, 0),
        new("tiny", 2, 0.6, 0, 0.8, 1),
    ];

    private readonly Dictionary<string, IReadOnlyDictionary<string, double>> _shares = [];

    /// <summary>The part of a strategy's requests that was first tried at an upstream.</summary>
    public double Of(string strategy, string kind) => _shares[strategy].GetValueOrDefault(kind);

    public async ValueTask InitializeAsync()
    {
        var admin = await gateway.AdminAsync();
        foreach (var kind in Kinds)
        {
            (await gateway.AddProviderAsync(admin, kind.Name, kind.Name)).MustBe(201);
            gateway.Costs[kind.Name] = kind.Cost;
        }

        foreach (var strategy in Strategies)
        {
            _shares[strategy] = await RunAsync(strategy);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public string Table() => string.Join('\n', _shares.Select(s =>
        $"{s.Key,-18} {string.Join("  ", Kinds.Select(k => $"{k.Name} {Of(s.Key, k.Name):0.00}"))}"));

    private async Task<IReadOnlyDictionary<string, double>> RunAsync(string strategy)
    {
        gateway.RestartChance();
        var model = await gateway.AddModelAsync(strategy, [.. Kinds.Select(k => (k.Name, k.Weight))]);
        var held = new List<(string Provider, IReadOnlyList<Task> Requests)>();
        foreach (var kind in Kinds)
        {
            gateway.Traffic.Is(kind.Name, kind.Seconds, kind.FailsEach);
            held.Add((kind.Name, await gateway.Traffic.HoldAsync(model, kind.Name, kind.Held)));
        }

        for (var i = 0; i < WarmUp; i++)
        {
            foreach (var kind in Kinds)
            {
                await gateway.Traffic.AskAsync(model, kind.Name);
            }
        }

        var shares = await gateway.Traffic.SharesAsync(model, Requests);
        foreach (var (provider, requests) in held)
        {
            await gateway.Traffic.LetGoAsync(model, provider, requests);
        }

        return shares;
    }

    /// <summary>A kind of upstream.</summary>
    /// <param name="Name">What it is good at.</param>
    /// <param name="Weight">Given weight.</param>
    /// <param name="Seconds">How long an answer takes.</param>
    /// <param name="FailsEach">Each nth answer is an error.</param>
    /// <param name="Cost">0…1.</param>
    /// <param name="Held">Requests that it has in flight all the time.</param>
    private sealed record Kind(string Name, int Weight, double Seconds, int FailsEach, double Cost, int Held);
}
