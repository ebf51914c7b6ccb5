namespace AIHigress.Gateway.IntegrationTests.DataPlane;

/// <summary>Tests over the one <see cref="ChatWorld"/> of this run.</summary>
public abstract class ChatTests(SharedWorlds worlds) : IAsyncLifetime
{
    protected ChatWorld World { get; private set; } = null!;

    public async ValueTask InitializeAsync() => World = await worlds.ChatAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
