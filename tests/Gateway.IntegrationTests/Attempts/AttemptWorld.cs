using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.Gateway.IntegrationTests.Protocols;
using AIHigress.MockUpstream.Scripting;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Attempts;

/// <summary>Models that hedge, that watch the speed of their upstreams, and whose answers may be continued; a healthy provider of each kind.</summary>
public sealed class AttemptWorld : GatewayWorld
{
    public const string Rest = " and the rest.";

    /// <summary>Kinds that can go on with another's answer.</summary>
    public static readonly IReadOnlyList<string> Continuing = ["openai", "anthropic", "gemini"];

    /// <summary>Speaks late, slowly, or dies.</summary>
    public MockUpstreamProcess Poor { get; private set; } = null!;

    public MockUpstreamProcess Healthy { get; private set; } = null!;

    public static string ContinuedModel(string first, string second, string client) => $"continued-{first}-by-{second}-for-{client}";

    protected override async Task DeclareAsync(GatewayDeclaration gateway)
    {
        Poor = await StartMockAsync("poor");
        Healthy = await StartMockAsync("healthy");
        foreach (var kind in ProtocolWorld.Kinds)
        {
            gateway.Provider(PoorOf(kind), kind, ProtocolWorld.BaseUrl(Poor, kind)).Provider(HealthyOf(kind), kind, ProtocolWorld.BaseUrl(Healthy, kind));
        }

        DeclareHedged(gateway);
        DeclareGuarded(gateway);
        DeclareContinued(gateway);
        gateway.Model("poisoned", ("poor-openai", "poisoned"), ("healthy-openai", "mock-ok"));
        await Poor.Control.ScriptAsync("poisoned", new Behaviour { Status = 500 }, times: PoisonTests.Poisonings);
        await Healthy.Control.ScriptAsync("says-the-rest", new Behaviour { Text = Rest });
    }

    private void DeclareHedged(GatewayDeclaration gateway)
    {
        gateway
            .Provider("narrow", Poor.OpenAIBaseUrl, maxConcurrency: 1)
            .Provider("narrow-healthy", Healthy.OpenAIBaseUrl, maxConcurrency: 1)
            .Provider("times-out", Poor.OpenAIBaseUrl, GatewayDeclaration.Timeouts.Short);
        (string, string) healthy = ("healthy-openai", "mock-ok");
        gateway.Model("hedged-stream", ("poor-openai", "mock-hang-after=1+chunks=7"), healthy).With("hedge_after", 100);
        gateway.Model("hedged-plain", ("poor-openai", "mock-hang-before-headers"), healthy).With("hedge_after", 100);
        gateway.Model("hedged-narrow", ("narrow", "mock-hang-after=1"), ("narrow-healthy", "mock-ok")).With("hedge_after", 50);
        gateway.Model("hedged-in-vain", ("poor-openai", "mock-first-delay=500"), ("narrow", "mock-hang-after=1+chunks=9")).With("hedge_after", 50);
        gateway.Model("hedged-once", ("times-out", "mock-hang-after=1"), ("times-out", "mock-hang-before-headers"), healthy).With("hedge_after", 50);
        gateway.Model("hedged-left", ("poor-openai", "left-first"), ("poor-openai", "left-second")).With("hedge_after", 50);
        gateway.Model("hedged-late", ("poor-openai", "mock-hang-before-headers+chunks=3"), ("poor-openai", "mock-hang-before-headers+chunks=4")).With("hedge_after", 50);
        gateway.Model("hedged-rejected", ("poor-openai", "mock-hang-after=1"), ("poor-openai", "mock-status=400")).With("hedge_after", 50);
        gateway.Model("hedged-p95", ("poor-openai", "p95-model"), healthy).With("hedge_after", "p95");
    }

    private static void DeclareGuarded(GatewayDeclaration gateway)
    {
        // 64 characters every 150 ms: four pieces show that it is slower than 2,000 a second.
        const string crawls = "mock-chunks=8+chunk-bytes=64+delay=150";
        var guard = new Dictionary<string, object> { ["min_chars_per_second"] = 2000 };
        gateway.Model("guarded", ("poor-openai", crawls), ("healthy-openai", "mock-ok")).With("throughput_guard", guard);
        gateway.Model("guarded-alone", ("poor-openai", crawls)).With("throughput_guard", guard);
        gateway.Model("guarded-twice", ("poor-openai", crawls), ("healthy-openai", crawls)).With("throughput_guard", guard);
        gateway.Model("guarded-then-fails", ("poor-openai", crawls), ("healthy-openai", "mock-status=500")).With("throughput_guard", guard);
        gateway.Model("guarded-fast", ("poor-openai", "mock-chunks=40+chunk-bytes=64+delay=2"), ("healthy-openai", "mock-ok"))
            .With("throughput_guard", new Dictionary<string, object> { ["min_chars_per_second"] = 50 });
        gateway.Model("guarded-dies", ("poor-openai", "mock-chunks=8+chunk-bytes=64+delay=20+cut-after=3"), ("healthy-openai", "mock-ok"))
            .With("throughput_guard", guard);
    }

    private static void DeclareContinued(GatewayDeclaration gateway)
    {
        foreach (var first in ProtocolWorld.Kinds)
        {
            foreach (var second in Continuing)
            {
                foreach (var client in ProtocolClient.Protocols)
                {
                    Continued(gateway, ContinuedModel(first, second, client), (PoorOf(first), "mock-cut-after=7"), (HealthyOf(second), "mock-ok"));
                }
            }
        }

        foreach (var second in Continuing)
        {
            Continued(gateway, "rest-by-" + second, ("poor-openai", "mock-cut-after=4"), (HealthyOf(second), "says-the-rest"));
        }

        Continued(gateway, "thrice", ("poor-openai", "mock-cut-after=4"), ("poor-anthropic", "mock-cut-after=9"), ("healthy-openai", "mock-ok"));
        Continued(gateway, "continued-in-vain", ("poor-openai", "mock-cut-after=4"), ("healthy-openai", "mock-status=500"));
        Continued(gateway, "continued-whole", ("healthy-openai", "mock-ok"), ("poor-openai", "mock-ok"));
        Continued(gateway, "broken-call", ("poor-openai", "mock-tools=1+cut-after=4"), ("healthy-openai", "untouched-call"));
        Continued(gateway, "broken-json", ("poor-openai", "mock-cut-after=4"), ("healthy-openai", "untouched-json"));
        Continued(gateway, "broken-seal", ("poor-anthropic", "mock-reasoning=2+cut-after=8"), ("healthy-openai", "untouched-seal"));
    }

    private static void Continued(GatewayDeclaration gateway, string model, params (string Provider, string Model)[] upstreams) =>
        gateway.Model(model, upstreams).With("continuation", true);

    private static string PoorOf(string kind) => "poor-" + kind.Replace('_', '-');

    private static string HealthyOf(string kind) => "healthy-" + kind.Replace('_', '-');
}

/// <summary>Tests over the one <see cref="AttemptWorld"/> of this run.</summary>
public abstract class AttemptTests(SharedWorlds worlds) : IAsyncLifetime
{
    protected AttemptWorld World { get; private set; } = null!;

    public async ValueTask InitializeAsync() => World = await worlds.AttemptsAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
