using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Faults;

/// <summary>Each fault with a provider and models of its own, a healthy provider, and models that break after content.</summary>
public sealed class FaultWorld : GatewayWorld
{
    public const string Healthy = "healthy";
    public const string AlsoHealthy = "also-healthy";

    public MockUpstreamProcess FaultyMock { get; private set; } = null!;

    public MockUpstreamProcess HealthyMock { get; private set; } = null!;

    protected override async Task DeclareAsync(GatewayDeclaration gateway)
    {
        FaultyMock = await StartMockAsync("faulty");
        HealthyMock = await StartMockAsync("healthy");
        var nobody = new Uri($"http://127.0.0.1:{FreePort.Next()}/v1");
        gateway.Provider(Healthy, HealthyMock.OpenAIBaseUrl).Provider(AlsoHealthy, HealthyMock.OpenAIBaseUrl);
        foreach (var fault in ProviderFault.All)
        {
            fault.Declare(gateway, FaultyMock.OpenAIBaseUrl, nobody, Healthy, AlsoHealthy);
        }

        foreach (var broken in BrokenStream.All)
        {
            broken.Declare(gateway, FaultyMock.OpenAIBaseUrl, Healthy);
        }

        DeclareStates(gateway);
    }

    /// <summary>Models of the tests of circuits, keys and rejected requests.</summary>
    private void DeclareStates(GatewayDeclaration gateway)
    {
        foreach (var name in (string[])["circuit", "circuit-alone", "circuit-breaks", "rejects", "leaks"])
        {
            gateway.Provider(name, FaultyMock.OpenAIBaseUrl);
        }

        gateway
            .Model("circuit", ("circuit", "circuit-model"), (Healthy, "mock-ok"))
            .Model("circuit-alone", ("circuit-alone", "circuit-alone-model"))
            .Model("circuit-breaks", ("circuit-breaks", "mock-cut-after=4"), (Healthy, "mock-ok"))
            .Model("leaks", ("leaks", "leaks-model"));
        foreach (var status in RejectedRequestTests.Statuses)
        {
            gateway.Model($"rejects-{status}", ("rejects", $"rejects-{status}"), (Healthy, $"untouched-rejects-{status}"));
        }

        foreach (var name in KeyRestTests.Models)
        {
            gateway
                .Provider(name, FaultyMock.OpenAIBaseUrl, keys: ["one", "two"])
                .Model(name, (name, name + "-model"), (Healthy, "mock-ok"));
        }
    }
}
