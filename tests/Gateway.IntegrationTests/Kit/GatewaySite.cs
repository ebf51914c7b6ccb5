using System.Data.Common;
using AIHigress.TestKit;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AIHigress.Gateway.IntegrationTests.Kit;

/// <summary>A data folder with its gateway.yaml and database, in which a gateway can be started again and again.</summary>
public sealed class GatewaySite : IAsyncDisposable
{
    public const string Key = "sk-test-key-of-the-fault-suites";
    private readonly TempFolder _folder = new();
    private readonly List<GatewayProcess> _started = [];
    private readonly string? _postgres;
    private readonly GatewayDeclaration _declaration;

    /// <param name="declaration">What it serves; the key <see cref="Key"/> joins it.</param>
    /// <param name="postgres">DATABASE_URL of a PostgreSQL database; SQLite in the folder when null.</param>
    public GatewaySite(GatewayDeclaration declaration, string? postgres = null)
    {
        _postgres = postgres;
        _declaration = declaration.ApiKey("tests", Key);
        var file = _folder.File("gateway.yaml");
        File.WriteAllText(file, declaration.Text());
        declaration.Environment["CONFIG_FILE"] = file;
        if (postgres is not null)
        {
            declaration.Environment["DATABASE_URL"] = postgres;
        }
    }

    public string DataDir => _folder.Path;

    public string DatabaseFile => _folder.File("aihigress.db");

    public string JournalFile => Path.Combine(_folder.Path, "journal", "usage.db");

    public RequestLogs Logs => new(Connect);

    public async Task<GatewayProcess> StartAsync()
    {
        var gateway = await GatewayProcess.StartAsync(_folder.Path, _declaration.Environment);
        _started.Add(gateway);
        return gateway;
    }

    /// <summary>Records that wait in the journal.</summary>
    public async Task<long> JournaledAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={JournalFile};Pooling=False;Default Timeout=30");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM records";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in _started)
        {
            await gateway.DisposeAsync();
        }

        _folder.Dispose();
    }

    private DbConnection Connect() => _postgres is null
        ? new SqliteConnection($"Data Source={DatabaseFile};Mode=ReadOnly;Pooling=False;Default Timeout=30")
        : new NpgsqlConnection(PostgresServer.ConnectionString(_postgres));
}
