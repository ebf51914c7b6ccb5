using AIHigress.Gateway.IntegrationTests.Faults;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Cluster;

/// <summary>
/// Three providers, one of them failing in each way of the fault list in turn, under load, over two replicas behind
/// nginx: while nothing was sent, no client notices any of it.
/// </summary>
public sealed class FaultsInTurnTests
{
    private const int RequestsPerModel = 30;
    private const int Clients = 16;

    private static readonly (string Name, string Behaviour, bool Hangs)[] Faults =
    [
        ("refuses", "", false),
        ("resets", "mock-refuse", false),
        ("hangs-before-headers", "mock-hang-before-headers", true),
        ("hangs-before-content", "mock-hang-after=1", true),
        ("resets-before-content", "mock-cut-after=1", false),
        ("error-event", "mock-error-after=0", false),
        ("empty", "mock-empty-200", false),
        ("truncated", "mock-truncated-json=matching+truncated-event=1", false),
        ("garbage", "mock-garbage=json", false),
        ("endless-headers", "mock-endless-headers", false),
        ("slow-drip", "mock-slow-drip=50", true),
        ("retry-later", "mock-status=429+retry-after=30", false),
        ("wrong-key", "mock-status=401", false),
        ("server-error", "mock-status=500", false),
    ];

    [Fact]
    public async Task Chat_OneOfThreeProvidersFailsInEachWayUnderLoad_NoClientNotices()
    {
        await using var a = await MockUpstreamProcess.StartAsync(new MockUpstreamOptions { Name = "a", Journal = false });
        await using var b = await MockUpstreamProcess.StartAsync(new MockUpstreamOptions { Name = "b", Journal = false });
        await using var c = await MockUpstreamProcess.StartAsync(new MockUpstreamOptions { Name = "c", Journal = false });
        MockUpstreamProcess[] mocks = [a, b, c];
        var nobody = new Uri($"http://127.0.0.1:{FreePort.OfNobody()}/v1");
        var declaration = new GatewayDeclaration();
        for (var i = 0; i < Faults.Length; i++)
        {
            Declare(declaration, Faults[i], mocks, failing: i % mocks.Length, nobody);
        }

        await using var pair = await ReplicaPair.StartAsync(declaration, withNginx: true);
        var load = new Load(pair.Nginx.Address, [.. Faults.SelectMany(f => new[] { (f.Name, false), (f.Name, true) })]) { Varies = true, GoesOn = true };
        load.Start(Clients, Faults.Length * 2 * RequestsPerModel);
        await load.EndAsync();

        Assert.Empty(load.Failures);
        Assert.Empty(load.Cut);
        Assert.Equal(Faults.Length * 2 * RequestsPerModel, load.Whole.Count);
        await Eventually.TrueAsync(async () => (await pair.Logs.AllAsync()).Count >= load.Whole.Count, "every request is logged");
        var rows = await pair.Logs.AllAsync();
        var failed = rows.SelectMany(r => r.Attempts).Where(x => x.Category != "ok").GroupBy(x => x.Provider).ToDictionary(g => g.Key, g => g.Count());
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{rows.Count} requests, {rows.Count(r => r.AttemptCount > 1)} of them with failover, {failed.Values.Sum()} failed attempts, client-visible failures 0");
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", failed.Select(f => $"{f.Key} {f.Value}")));
        Assert.All(rows, r => Assert.True(r.Ok));
        for (var i = 0; i < Faults.Length; i++)
        {
            Assert.True(failed.GetValueOrDefault(ProviderOf(Faults[i].Name, i % mocks.Length)) > 0, $"{Faults[i].Name} never happened");
        }
    }

    private static void Declare(
        GatewayDeclaration gateway, (string Name, string Behaviour, bool Hangs) fault, MockUpstreamProcess[] mocks, int failing, Uri nobody)
    {
        var upstreams = new List<(string Provider, string Model)>();
        for (var i = 0; i < mocks.Length; i++)
        {
            var provider = ProviderOf(fault.Name, i);
            var address = i == failing && fault.Behaviour.Length == 0 ? nobody : mocks[i].OpenAIBaseUrl;
            gateway.Provider(provider, address, i == failing && fault.Hangs ? GatewayDeclaration.Timeouts.Short : null);
            upstreams.Add((provider, i == failing && fault.Behaviour.Length > 0 ? fault.Behaviour : "mock-ok"));
        }

        gateway.Model(fault.Name, "balanced", [.. upstreams]);
    }

    private static string ProviderOf(string fault, int number) => $"{fault}-{number}";
}
