using AIHigress.TestKit;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AIHigress.Gateway.IntegrationTests.Startup;

/// <summary>When a start may change the schema of a database that is not empty (control-plane.md §15).</summary>
public sealed class UpgradeTests : IDisposable
{
    private const string Forget = "DELETE FROM \"__EFMigrationsHistory\"";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Postgres_BehindAndNotAllowed_ListsWhatIsPendingAndChangesNothing()
    {
        var url = await NewPostgresAsync();
        await PostgresAsync(url, "CREATE TABLE somebody_elses (id int)");

        await Starts.AssertFailsAsync(
            _folder.Path, Starts.With(_folder.Path, ("DATABASE_URL", url)), [], "ENABLE_AUTO_MIGRATION", "_Initial", "aihigress migrate");

        Assert.Equal(1L, await PostgresAsync(url, "SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'"));
    }

    [Fact]
    public async Task Postgres_BehindAndAllowed_IsUpgraded()
    {
        var url = await NewPostgresAsync();
        await PostgresAsync(url, "CREATE TABLE somebody_elses (id int)");

        await StartOnceAsync(("DATABASE_URL", url), ("ENABLE_AUTO_MIGRATION", "true"));

        Assert.Equal(0L, await PostgresAsync(url, "SELECT COUNT(*) FROM users"));
    }

    [Fact]
    public async Task Postgres_Behind_TheCommandUpgradesIt()
    {
        var url = await NewPostgresAsync();
        await PostgresAsync(url, "CREATE TABLE somebody_elses (id int)");

        var (exitCode, output, error) = await GatewayProcess.RunAsync(_folder.Path, Starts.With(_folder.Path, ("DATABASE_URL", url)), "migrate");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("_Initial", output, StringComparison.Ordinal);
        await StartOnceAsync(("DATABASE_URL", url));
    }

    [Fact]
    public async Task Postgres_TwoReplicasAtOnce_BothStart()
    {
        var settings = new Dictionary<string, string> { ["DATABASE_URL"] = await NewPostgresAsync(), ["SECRET_KEY"] = Starts.SecretKey };
        using var other = new TempFolder();

        var both = await Task.WhenAll(GatewayProcess.StartAsync(_folder.Path, settings), GatewayProcess.StartAsync(other.Path, settings));

        await both[0].DisposeAsync();
        await both[1].DisposeAsync();
    }

    [Fact]
    public async Task Sqlite_BehindAndAllowed_IsUpgradedAfterACopy()
    {
        await SqliteAsync("CREATE TABLE somebody_elses (id int); INSERT INTO somebody_elses VALUES (7)");

        await StartOnceAsync();

        Assert.Equal(0L, await SqliteAsync("SELECT COUNT(*) FROM users"));
        var copy = Assert.Single(Directory.GetFiles(_folder.Path, "aihigress.db.*.bak"));
        Assert.Equal(7L, await SqliteAsync("SELECT id FROM somebody_elses", copy));
    }

    [Fact]
    public async Task Sqlite_BehindAndNotAllowed_IsLeftAlone()
    {
        await SqliteAsync("CREATE TABLE somebody_elses (id int)");

        await Starts.AssertFailsAsync(
            _folder.Path, Starts.With(_folder.Path, ("AUTO_APPLY_DB_MIGRATIONS", "false")), [], "AUTO_APPLY_DB_MIGRATIONS", "_Initial", "aihigress migrate");

        Assert.Equal(1L, await SqliteAsync("SELECT COUNT(*) FROM sqlite_master"));
    }

    [Fact]
    public async Task Sqlite_UpgradeFails_TheOldDatabaseIsBack()
    {
        await StartOnceAsync();
        await SqliteAsync("DELETE FROM settings; INSERT INTO settings VALUES ('kept', 'yes', 0); " + Forget);

        await Starts.AssertFailsAsync(_folder.Path, Starts.With(_folder.Path), [], "DATABASE_URL", "already exists");

        Assert.Equal("yes", await SqliteAsync("SELECT value FROM settings WHERE name = 'kept'"));
        Assert.Equal(0L, await SqliteAsync("SELECT COUNT(*) FROM \"__EFMigrationsHistory\""));
    }

    [Fact]
    public async Task Sqlite_UpgradeWasKilled_TheNextStartDoesNotWaitForIt()
    {
        await SqliteAsync(
            "CREATE TABLE \"__EFMigrationsLock\" (\"Id\" INTEGER NOT NULL CONSTRAINT \"PK___EFMigrationsLock\" PRIMARY KEY, \"Timestamp\" TEXT NOT NULL);"
            + "INSERT INTO \"__EFMigrationsLock\" VALUES (1, '2026-01-01 00:00:00')");

        await StartOnceAsync();

        Assert.Equal(0L, await SqliteAsync("SELECT COUNT(*) FROM users"));
    }

    [Fact]
    public async Task Database_OfANewerVersion_IsRefused()
    {
        await StartOnceAsync();
        await SqliteAsync("INSERT INTO \"__EFMigrationsHistory\" VALUES ('99990101000000_FromTheFuture', '99.0.0')");

        await Starts.AssertFailsAsync(_folder.Path, Starts.With(_folder.Path), [], "DATABASE_URL", "newer version", "FromTheFuture");
    }

    private static async Task<string> NewPostgresAsync() => await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();

    private static async Task<object?> PostgresAsync(string url, string sql)
    {
        await using var connection = new NpgsqlConnection(PostgresServer.ConnectionString(url));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private async Task<object?> SqliteAsync(string sql, string? file = null)
    {
        await using var connection = new SqliteConnection($"Data Source={file ?? _folder.File("aihigress.db")};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }

    private async Task StartOnceAsync(params (string Name, string Value)[] settings)
    {
        await using var gateway = await GatewayProcess.StartAsync(_folder.Path, settings.ToDictionary(s => s.Name, s => s.Value));
        gateway.Terminate();
        Assert.Equal(0, await gateway.WaitForExitAsync());
    }
}
