using AIHigress.Gateway.IntegrationTests;
using AIHigress.Gateway.IntegrationTests.DataPlane;
using AIHigress.Gateway.IntegrationTests.Faults;
using AIHigress.Gateway.IntegrationTests.Kit;

[assembly: AssemblyFixture(typeof(SharedWorlds))]

namespace AIHigress.Gateway.IntegrationTests;

/// <summary>Worlds that several test classes share: started by the first that asks, ended with the run.</summary>
public sealed class SharedWorlds : IAsyncDisposable
{
    private readonly Lazy<Task<FaultWorld>> _faults = new(StartAsync<FaultWorld>);
    private readonly Lazy<Task<ChatWorld>> _chat = new(StartAsync<ChatWorld>);

    public Task<FaultWorld> FaultsAsync() => _faults.Value;

    public Task<ChatWorld> ChatAsync() => _chat.Value;

    public async ValueTask DisposeAsync()
    {
        await EndAsync(_faults);
        await EndAsync(_chat);
    }

    private static async Task<T> StartAsync<T>()
        where T : GatewayWorld, new()
    {
        var world = new T();
        await world.InitializeAsync();
        return world;
    }

    private static async Task EndAsync<T>(Lazy<Task<T>> world)
        where T : GatewayWorld
    {
        if (world is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await world.Value).DisposeAsync();
        }
    }
}
