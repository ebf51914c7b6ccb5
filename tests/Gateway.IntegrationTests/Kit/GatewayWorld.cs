using AIHigress.MockUpstream;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Kit;

/// <summary>
/// What several tests share: the built gateway as a process of its own over SQLite, and mocks in further processes.
/// Model names keep the tests apart.
/// </summary>
public abstract class GatewayWorld : IAsyncLifetime
{
    private readonly List<MockUpstreamProcess> _mocks = [];
    private GatewaySite? _site;
    private GatewayProcess? _gateway;
    private ChatClient? _client;

    public GatewayProcess Gateway => _gateway ?? throw new InvalidOperationException("Not started.");

    /// <summary>A client with <see cref="GatewaySite.Key"/>.</summary>
    public ChatClient Client => _client ?? throw new InvalidOperationException("Not started.");

    public GatewaySite Site => _site ?? throw new InvalidOperationException("Not started.");

    public RequestLogs Logs => Site.Logs;

    public async ValueTask InitializeAsync()
    {
        var declaration = new GatewayDeclaration();
        await DeclareAsync(declaration);
        _site = new GatewaySite(declaration);
        _gateway = await _site.StartAsync();
        _client = new ChatClient(_gateway.Address, GatewaySite.Key);
        await StartedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_site is not null)
        {
            await _site.DisposeAsync();
        }

        foreach (var mock in _mocks)
        {
            await mock.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    protected abstract Task DeclareAsync(GatewayDeclaration gateway);

    protected virtual Task StartedAsync() => Task.CompletedTask;

    protected Task<MockUpstreamProcess> StartMockAsync(string name) => StartMockAsync(new MockUpstreamOptions { Name = name });

    protected Task<MockUpstreamProcess> StartMockAsync(string name, int pageSize, params string[] models) =>
        StartMockAsync(new MockUpstreamOptions { Name = name, PageSize = pageSize, Models = models });

    private async Task<MockUpstreamProcess> StartMockAsync(MockUpstreamOptions options)
    {
        var mock = await MockUpstreamProcess.StartAsync(options);
        _mocks.Add(mock);
        return mock;
    }
}
