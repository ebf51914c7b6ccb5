using System.Globalization;
using AIHigress.Gateway.IntegrationTests.Identity;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.TestKit;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AIHigress.Gateway.IntegrationTests.Cluster;

/// <summary>
/// Two servers as processes of their own, as an operator runs them: one PostgreSQL database, one Redis database, one
/// SECRET_KEY and gateway.yaml, a data folder each; in front of them nginx, if wanted.
/// </summary>
public sealed class ReplicaPair : IAsyncDisposable
{
    private const string SecretKey = "a-secret-key-that-two-replicas-share-0123456789";
    private const string MetricsToken = "metrics-token-of-the-cluster-tests-01234567";
    private readonly TempFolder _folder = new();
    private readonly GatewayDeclaration _declaration;
    private readonly List<GatewayProcess> _started = [];
    private readonly HttpClient _plain = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeouts.Wait };
    private NginxServer? _nginx;

    private ReplicaPair(GatewayDeclaration declaration, string databaseUrl, string? redisUrl)
    {
        _declaration = declaration.ApiKey("tests", GatewaySite.Key);
        DatabaseUrl = databaseUrl;
        File.WriteAllText(_folder.File("gateway.yaml"), declaration.Text());
        var environment = declaration.Environment;
        environment["CONFIG_FILE"] = _folder.File("gateway.yaml");
        environment["DATABASE_URL"] = databaseUrl;
        environment["SECRET_KEY"] = SecretKey;
        environment["PROMETHEUS_TOKEN"] = MetricsToken;
        environment["MANAGEMENT_LIMIT"] = "100000/60";
        environment["AUTH_LOGIN_LIMIT"] = "100000/60";

        // A machine under load must not be taken for a slow Redis; tests of a slow one say so.
        environment.TryAdd("REDIS_SLOW_MS", "1000");
        if (redisUrl is not null)
        {
            environment["REDIS_URL"] = redisUrl;
        }
    }

    public string DatabaseUrl { get; }

    public GatewayProcess First { get; private set; } = null!;

    public GatewayProcess Second { get; private set; } = null!;

    public IReadOnlyList<GatewayProcess> Both => [First, Second];

    /// <summary>What clients are told.</summary>
    public NginxServer Nginx => _nginx ?? throw new InvalidOperationException("Started without nginx.");

    public RequestLogs Logs => new(() => new NpgsqlConnection(PostgresServer.ConnectionString(DatabaseUrl)));

    /// <param name="declaration">What they serve; the key <see cref="GatewaySite.Key"/> joins it.</param>
    /// <param name="redisUrl">REDIS_URL; a fresh database of the shared server when null.</param>
    /// <param name="databaseUrl">DATABASE_URL; a fresh database of the shared server when null.</param>
    /// <param name="withNginx">Starts nginx in front of them.</param>
    public static async Task<ReplicaPair> StartAsync(
        GatewayDeclaration declaration, string? redisUrl = null, string? databaseUrl = null, bool withNginx = false)
    {
        redisUrl ??= await RedisServer.FreshUrlAsync();
        databaseUrl ??= await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        var pair = new ReplicaPair(declaration, databaseUrl, redisUrl);
        try
        {
            pair.First = await pair.StartReplicaAsync("one");
            pair.Second = await pair.StartReplicaAsync("two");
            if (withNginx)
            {
                pair._nginx = await NginxServer.StartAsync(pair.First.Address, pair.Second.Address);
            }

            return pair;
        }
        catch
        {
            await pair.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client of one replica or of nginx.</summary>
    public static ChatClient ClientOf(string address, string key = GatewaySite.Key) => new(address, key);

    /// <summary>The management API at one replica, signed in as the administrator.</summary>
    internal static async Task<Api> AdminAsync(GatewayProcess replica)
    {
        var api = ApiOf(replica);
        var answer = await api.PostAsync("/api/v1/auth/login", new { email = GatewayDeclaration.AdminEmail, password = GatewayDeclaration.AdminPassword, delivery = "body" });
        answer.MustBe(200);
        return api.With(answer.Text("access_token"));
    }

    internal static Api ApiOf(GatewayProcess replica) =>
        new(new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { BaseAddress = new Uri(replica.Address), Timeout = Timeouts.Wait });

    /// <summary>A gauge or counter of one replica, summed over its labels; 0 when it does not exist.</summary>
    public static Task<double> MetricAsync(GatewayProcess replica, string name) => Metrics.SumAsync(replica.Address, MetricsToken, name);

    public Task<string> ReadyAsync(GatewayProcess replica) => _plain.GetStringAsync(replica.Address + "/health/ready");

    /// <summary>Records that wait in a replica's journal.</summary>
    public async Task<long> JournaledAsync(GatewayProcess replica)
    {
        var file = Path.Combine(_folder.File(replica == First ? "one" : "two"), "journal", "usage.db");
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False;Default Timeout=30");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM records";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Starts a killed replica again, on its own data folder and address.</summary>
    public async Task<GatewayProcess> StartAgainAsync(GatewayProcess killed)
    {
        var again = await StartReplicaAsync(killed == First ? "one" : "two", new Uri(killed.Address).Port);
        if (killed == First)
        {
            First = again;
        }
        else
        {
            Second = again;
        }

        return again;
    }

    public async ValueTask DisposeAsync()
    {
        if (_nginx is not null)
        {
            await _nginx.DisposeAsync();
        }

        foreach (var gateway in _started)
        {
            await gateway.DisposeAsync();
        }

        _plain.Dispose();
        _folder.Dispose();
    }

    private async Task<GatewayProcess> StartReplicaAsync(string name, int? port = null)
    {
        var environment = new Dictionary<string, string>(_declaration.Environment) { ["REPLICA_ID"] = name };
        if (port is { } again)
        {
            environment["PORT"] = again.ToString(CultureInfo.InvariantCulture);
        }

        var gateway = await GatewayProcess.StartAsync(Directory.CreateDirectory(_folder.File(name)).FullName, environment);
        _started.Add(gateway);
        return gateway;
    }
}
