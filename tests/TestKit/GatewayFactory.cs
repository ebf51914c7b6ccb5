using AIHigress.Gateway.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AIHigress.TestKit;

public enum TestDatabase
{
    Sqlite,
    Postgres,
}

/// <summary>
/// The real server in this process, over a database and a data folder of its own. As a class fixture derive from it
/// (see <see cref="SqliteGateway"/>); in a test use <see cref="StartAsync"/>. The entry point is named by an options
/// class, because MockUpstream has a class Program too.
/// </summary>
public class GatewayFactory(TestDatabase database) : WebApplicationFactory<ServerOptions>, IAsyncLifetime
{
    private readonly TempFolder _data = new();
    private string? _databaseUrl;

    public TestDatabase Database { get; } = database;

    public string DataDir => _data.Path;

    /// <summary>DATABASE_URL of this server.</summary>
    public string DatabaseUrl => _databaseUrl ?? throw new InvalidOperationException("Call InitializeAsync first.");

    /// <summary>Settings by flat name, on top of the factory's own.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    /// <summary>Replaces the clock when given.</summary>
    public TimeProvider? Time { get; set; }

    /// <summary>Replaces services.</summary>
    public Action<IServiceCollection>? ReplaceServices { get; set; }

    public static async Task<GatewayFactory> StartAsync(
        TestDatabase database, IReadOnlyDictionary<string, string>? settings = null, TimeProvider? time = null, Action<IServiceCollection>? services = null)
    {
        var factory = new GatewayFactory(database) { Time = time, ReplaceServices = services };
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            factory.Settings[name] = value;
        }

        await factory.InitializeAsync();
        return factory;
    }

    /// <summary>Makes the database and starts the server.</summary>
    public virtual async ValueTask InitializeAsync()
    {
        _databaseUrl = Database == TestDatabase.Sqlite
            ? $"sqlite:///{_data.File("aihigress.db")}"
            : await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        StartServer();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _data.Dispose();
        GC.SuppressFinalize(this);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("DATA_DIR", _data.Path);
        builder.UseSetting("DATABASE_URL", DatabaseUrl);
        builder.UseSetting("LOG_LEVEL", "WARNING");
        builder.UseSetting("LOG_FORMAT", "text");
        builder.UseSetting("SHUTDOWN_GRACE_SECONDS", "5");

        // Probes are requests that a test did not send; those about them turn them on.
        builder.UseSetting("ENABLE_PROVIDER_HEALTH_CHECK", "false");

        // Tests ask faster than people; the limit has tests of its own.
        builder.UseSetting("MANAGEMENT_LIMIT", "100000/60");
        foreach (var (name, value) in Settings)
        {
            builder.UseSetting(name, value);
        }

        builder.ConfigureTestServices(services =>
        {
            if (Time is not null)
            {
                services.AddSingleton(Time);
            }

            ReplaceServices?.Invoke(services);
        });
    }
}

/// <summary>Class fixture: the server over SQLite.</summary>
public class SqliteGateway() : GatewayFactory(TestDatabase.Sqlite);

/// <summary>Class fixture: the server over PostgreSQL.</summary>
public class PostgresGateway() : GatewayFactory(TestDatabase.Postgres);
