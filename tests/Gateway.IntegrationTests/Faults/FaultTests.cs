namespace AIHigress.Gateway.IntegrationTests.Faults;

/// <summary>Tests over the one <see cref="FaultWorld"/> of this run.</summary>
public abstract class FaultTests(SharedWorlds worlds) : IAsyncLifetime
{
    protected FaultWorld World { get; private set; } = null!;

    public async ValueTask InitializeAsync() => World = await worlds.FaultsAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
