using AIHigress.MockUpstream;
using AIHigress.TestKit;
using Microsoft.Data.Sqlite;

namespace AIHigress.Gateway.IntegrationTests.Kit;

/// <summary>
/// Class fixture: the built gateway as a process of its own over SQLite, and mocks in further processes. What it
/// serves is declared by <see cref="DeclareAsync"/>; model names keep the tests of a class apart.
/// </summary>
public abstract class GatewayWorld : IAsyncLifetime
{
    public const string Key = "sk-test-key-of-the-fault-suites";
    private readonly TempFolder _folder = new();
    private readonly List<MockUpstreamProcess> _mocks = [];
    private GatewayProcess? _gateway;
    private ChatClient? _client;

    public GatewayProcess Gateway => _gateway ?? throw new InvalidOperationException("Not started.");

    /// <summary>A client with <see cref="Key"/>.</summary>
    public ChatClient Client => _client ?? throw new InvalidOperationException("Not started.");

    public string DataDir => _folder.Path;

    public string DatabaseFile => _folder.File("aihigress.db");

    public RequestLogs Logs => new(() => new SqliteConnection($"Data Source={DatabaseFile};Mode=ReadOnly;Pooling=False;Default Timeout=30"));

    public async ValueTask InitializeAsync()
    {
        var declaration = new GatewayDeclaration().ApiKey("tests", Key);
        await DeclareAsync(declaration);
        var file = _folder.File("gateway.yaml");
        await File.WriteAllTextAsync(file, declaration.Text());
        declaration.Environment["CONFIG_FILE"] = file;
        _gateway = await GatewayProcess.StartAsync(_folder.Path, declaration.Environment);
        _client = new ChatClient(_gateway.Address, Key);
        await StartedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        foreach (var mock in _mocks)
        {
            await mock.DisposeAsync();
        }

        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract Task DeclareAsync(GatewayDeclaration gateway);

    protected virtual Task StartedAsync() => Task.CompletedTask;

    protected async Task<MockUpstreamProcess> StartMockAsync(string name)
    {
        var mock = await MockUpstreamProcess.StartAsync(new MockUpstreamOptions { Name = name });
        _mocks.Add(mock);
        return mock;
    }
}
