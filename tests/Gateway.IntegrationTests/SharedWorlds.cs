using AIHigress.Gateway.IntegrationTests;
using AIHigress.Gateway.IntegrationTests.Attempts;
using AIHigress.Gateway.IntegrationTests.Clients;
using AIHigress.Gateway.IntegrationTests.DataPlane;
using AIHigress.Gateway.IntegrationTests.Faults;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.Gateway.IntegrationTests.Protocols;

[assembly: AssemblyFixture(typeof(SharedWorlds))]

namespace AIHigress.Gateway.IntegrationTests;

/// <summary>Worlds that several test classes share: started by the first that asks, ended with the run.</summary>
public sealed class SharedWorlds : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private Task<FaultWorld>? _faults;
    private Task<AttemptWorld>? _attempts;
    private Task<ChatWorld>? _chat;
    private Task<ProtocolWorld>? _protocols;
    private Task<ClientWorld>? _clients;

    public Task<FaultWorld> FaultsAsync()
    {
        lock (_lock)
        {
            return _faults ??= StartAsync<FaultWorld>();
        }
    }

    public Task<AttemptWorld> AttemptsAsync()
    {
        lock (_lock)
        {
            return _attempts ??= StartAsync<AttemptWorld>();
        }
    }

    public Task<ChatWorld> ChatAsync()
    {
        lock (_lock)
        {
            return _chat ??= StartAsync<ChatWorld>();
        }
    }

    public Task<ProtocolWorld> ProtocolsAsync()
    {
        lock (_lock)
        {
            return _protocols ??= StartAsync<ProtocolWorld>();
        }
    }

    public Task<ClientWorld> ClientsAsync()
    {
        lock (_lock)
        {
            return _clients ??= StartAsync<ClientWorld>();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync(_faults);
        await EndAsync(_attempts);
        await EndAsync(_chat);
        await EndAsync(_protocols);
        await EndAsync(_clients);
    }

    private static async Task<T> StartAsync<T>()
        where T : GatewayWorld, new()
    {
        var world = new T();
        try
        {
            await world.InitializeAsync();
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    private static async Task EndAsync<T>(Task<T>? world)
        where T : GatewayWorld
    {
        if (world is { IsCompletedSuccessfully: true })
        {
            await (await world).DisposeAsync();
        }
    }
}
