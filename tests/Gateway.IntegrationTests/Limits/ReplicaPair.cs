using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Limits;

/// <summary>Two replicas over one PostgreSQL and one Redis of their own, and a mock.</summary>
public sealed class ReplicaPair : IAsyncLifetime
{
    private readonly TempFolder[] _folders = [new(), new()];
    private readonly List<GatewayProcess> _replicas = [];

    public const string RequestsKey = "sk-test-key-of-two-replicas-rpm";
    public const string PlacesKey = "sk-test-key-of-two-replicas-places";
    public const string CountedKey = "sk-test-key-of-two-replicas-counted";
    public const string FreeKey = "sk-test-key-of-two-replicas-free";
    public const int Requests = 40;
    public const int Places = 3;

    public RedisServer Redis { get; private set; } = null!;

    public MockUpstreamProcess Mock { get; private set; } = null!;

    public IReadOnlyList<string> Addresses => [.. _replicas.Select(r => r.Address)];

    public async ValueTask InitializeAsync()
    {
        Redis = await RedisServer.StartAsync();
        Mock = await MockUpstreamProcess.StartAsync();
        var declaration = new GatewayDeclaration()
            .Provider("up", Mock.OpenAIBaseUrl)
            .Provider("narrow", Mock.OpenAIBaseUrl, maxConcurrency: Places)
            .Provider("per-minute", Mock.OpenAIBaseUrl).WithProviderKeys("rpm", 10)
            .Model("plain", ("up", "mock-ok"))
            .Model("held", ("up", "mock-gate=held"))
            .Model("narrow", ("narrow", "mock-gate=narrow"))
            .Model("per-minute", ("per-minute", "mock-ok"))
            .ApiKey("free", FreeKey)
            .LimitedApiKey("requests", RequestsKey, new { rpm = Requests })
            .LimitedApiKey("places", PlacesKey, new { concurrency = Places })
            .LimitedApiKey("counted", CountedKey, new { rpm = 10_000, tpm = 10_000_000, concurrency = 100 });
        declaration.Environment["DATABASE_URL"] = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        declaration.Environment["REDIS_URL"] = Redis.Url;
        declaration.Environment["SECRET_KEY"] = "Ze0kQ7vRxW2mYb9TcL4uNp8sHdJf3gAi";

        // What is measured here is not how fast a busy machine is.
        declaration.Environment["REDIS_SLOW_MS"] = "10000";
        foreach (var folder in _folders)
        {
            var file = folder.File("gateway.yaml");
            await File.WriteAllTextAsync(file, declaration.Text());
            declaration.Environment["CONFIG_FILE"] = file;
            _replicas.Add(await GatewayProcess.StartAsync(folder.Path, declaration.Environment));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas)
        {
            await replica.DisposeAsync();
        }

        if (Mock is not null)
        {
            await Mock.DisposeAsync();
        }

        if (Redis is not null)
        {
            await Redis.DisposeAsync();
        }

        Array.ForEach(_folders, folder => folder.Dispose());
    }
}
