using AIHigress.Gateway.IntegrationTests.Identity;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Cluster;

/// <summary>One pair of replicas for the tests that leave it as they found it; provider and model names keep them apart.</summary>
public sealed class ClusterWorld : IAsyncLifetime
{
    public const string Name = "Two replicas";
    private ReplicaPair? _pair;

    public ReplicaPair Pair => _pair ?? throw new InvalidOperationException("Not started.");

    /// <summary>The upstream of every provider here.</summary>
    public MockUpstreamServer Mock { get; private set; } = null!;

    internal Api Admin { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Mock = await MockUpstreamHost.StartAsync();
        var declaration = new GatewayDeclaration();
        foreach (var name in (string[])["healthy", "opens", "rests", "measured"])
        {
            declaration.Provider(name, Mock.OpenAIBaseUrl);
        }

        declaration
            .Model("plain", ("healthy", "mock-ok"))
            .Model("opens", ("opens", "opens-model"), ("healthy", "mock-ok"))
            .Model("rests", ("rests", "rests-model"), ("healthy", "mock-ok"))
            .Model("measured", ("measured", "measured-model"), ("healthy", "mock-ok"));
        declaration.Environment["ALLOWED_PRIVATE_UPSTREAMS"] = "127.0.0.1";
        declaration.Environment["ALLOWED_UPSTREAM_PORTS"] = $"443,80,{Mock.BaseAddress.Port}";
        _pair = await ReplicaPair.StartAsync(declaration);
        Admin = await ReplicaPair.AdminAsync(Pair.First);
        await Eventually.TrueAsync(
            async () => await ReplicaPair.MetricAsync(Pair.First, "aihigress_replicas_others") == 1 && await ReplicaPair.MetricAsync(Pair.Second, "aihigress_replicas_others") == 1,
            "the replicas know each other");
    }

    public async ValueTask DisposeAsync()
    {
        if (_pair is not null)
        {
            await _pair.DisposeAsync();
        }

        await Mock.DisposeAsync();
    }
}

[CollectionDefinition(ClusterWorld.Name)]
public sealed class ClusterCollection : ICollectionFixture<ClusterWorld>;
