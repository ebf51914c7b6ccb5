using AIHigress.Gateway.IntegrationTests.Kit;

namespace AIHigress.Gateway.IntegrationTests.Protocols;

/// <summary>Tests over every client protocol and every kind of upstream.</summary>
public abstract class ProtocolTests(SharedWorlds worlds) : IAsyncLifetime
{
    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var client in ProtocolClient.Protocols)
            {
                foreach (var kind in ProtocolWorld.Kinds)
                {
                    pairs.Add(client, kind);
                }
            }

            return pairs;
        }
    }

    public static TheoryData<string> Clients => [.. ProtocolClient.Protocols];

    protected ProtocolWorld World { get; private set; } = null!;

    public async ValueTask InitializeAsync() => World = await worlds.ProtocolsAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>The request as the upstream got it.</summary>
    protected async Task<AIHigress.MockUpstream.Control.RecordedRequest> UpstreamRequestAsync(string model) =>
        (await World.Mock.Control.RequestsAsync(model))[^1];
}
