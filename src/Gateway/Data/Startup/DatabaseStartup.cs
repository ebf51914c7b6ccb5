using System.Data.Common;
using System.Net.Sockets;
using AIHigress.Gateway.Data.Secrets;
using AIHigress.Gateway.Hosting.Settings;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Data.Startup;

/// <summary>
/// Makes the schema fit this version at start, by the rules of control-plane.md §15: an empty database is always set
/// up; SQLite is upgraded after a copy of the file; PostgreSQL only when the operator said so.
/// </summary>
internal sealed partial class DatabaseStartup(
    GatewayDbContext db, DatabaseUrl database, RingCheck ring, IOptions<StorageOptions> options, TimeProvider time, ILogger<DatabaseStartup> logger)
{
    // Any fixed number that only this server uses; replicas that start together queue on it.
    private const long AdvisoryLock = 0x41_49_48_69_67_72_65_73;

    /// <exception cref="SettingException">The database can't be reached, does not fit, or must be upgraded by hand.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ExclusivelyAsync(UpgradeIfAllowedAsync, cancellationToken);
        }
        catch (Exception e) when (FaultOfDatabase(e) is not null)
        {
            throw new SettingException(DatabaseUrl.Setting, $"the database can't be used ({database.Display}): {OneLine(e)}");
        }
    }

    /// <summary>The command <c>migrate</c>: applies what is pending whatever the switches say.</summary>
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> applied = [];
        try
        {
            await ExclusivelyAsync(
                async token =>
                {
                    applied = await PendingAsync(token);
                    if (applied.Count > 0)
                    {
                        await ApplyAsync(token);
                    }
                },
                cancellationToken);
        }
        catch (Exception e) when (FaultOfDatabase(e) is not null)
        {
            throw new SettingException(DatabaseUrl.Setting, $"the database can't be used ({database.Display}): {OneLine(e)}");
        }

        return applied;
    }

    /// <summary>For commands that read or write data without upgrading: refuses a database that is empty, old or of another key.</summary>
    public async Task RequireCurrentAsync(CancellationToken cancellationToken)
    {
        try
        {
            var pending = await PendingAsync(cancellationToken);
            if (pending.Count > 0)
            {
                throw new SettingException(DatabaseUrl.Setting, $"the database ({database.Display}) is not set up for this version; start the server or run 'aihigress migrate' first");
            }

            await ring.VerifyAsync(cancellationToken);
        }
        catch (Exception e) when (FaultOfDatabase(e) is not null)
        {
            throw new SettingException(DatabaseUrl.Setting, $"the database can't be used ({database.Display}): {OneLine(e)}");
        }
    }

    private async Task UpgradeIfAllowedAsync(CancellationToken cancellationToken)
    {
        var known = db.Database.GetMigrations().ToHashSet();
        var present = (await AppliedAsync(cancellationToken)).ToList();
        if (present.Find(m => !known.Contains(m)) is { } newer)
        {
            throw new SettingException(
                DatabaseUrl.Setting, $"the database ({database.Display}) was written by a newer version of this server (it has {newer}); start that version, or restore a backup");
        }

        if (present.Count > 0)
        {
            await ring.VerifyAsync(cancellationToken);
        }

        var pending = await PendingAsync(cancellationToken);
        if (pending.Count == 0)
        {
            return;
        }

        if (!MayUpgrade() && await HasTablesAsync(cancellationToken))
        {
            var name = database.Kind == DatabaseKind.Sqlite ? "AUTO_APPLY_DB_MIGRATIONS" : "ENABLE_AUTO_MIGRATION";
            throw new SettingException(
                name, $"the database needs an upgrade that this start may not make (pending: {string.Join(", ", pending)}); run 'aihigress migrate' after a backup, or set {name}=true");
        }

        await ApplyAsync(cancellationToken);
        DatabaseUpgraded(database.Display, pending.Count);
    }

    private bool MayUpgrade() =>
        database.Kind == DatabaseKind.Sqlite ? options.Value.AutoApplyDbMigrations : options.Value.EnableAutoMigration;

    /// <summary>Anything at all, also another program's: a database that is not empty is never changed unasked.</summary>
    private async Task<bool> HasTablesAsync(CancellationToken cancellationToken)
    {
        const string sqlite = "SELECT COUNT(*) AS \"Value\" FROM sqlite_master WHERE type = 'table'";
        const string postgres = "SELECT CAST(COUNT(*) AS integer) AS \"Value\" FROM pg_tables WHERE schemaname = ANY (current_schemas(false))";
        if (database.SqliteFile is { } file)
        {
            return File.Exists(file) && await db.Database.SqlQueryRaw<int>(sqlite).SingleAsync(cancellationToken) > 0;
        }

        return await db.Database.SqlQueryRaw<int>(postgres).SingleAsync(cancellationToken) > 0;
    }

    private async Task<IEnumerable<string>> AppliedAsync(CancellationToken cancellationToken) =>
        database.SqliteFile is { } file && !File.Exists(file) ? [] : await db.Database.GetAppliedMigrationsAsync(cancellationToken);

    private async Task<IReadOnlyList<string>> PendingAsync(CancellationToken cancellationToken) =>
        [.. db.Database.GetMigrations().Except(await AppliedAsync(cancellationToken))];

    private async Task ApplyAsync(CancellationToken cancellationToken)
    {
        if (database.SqliteFile is null)
        {
            await db.Database.MigrateAsync(cancellationToken);
            return;
        }

        var backup = await BackUpAsync(database.SqliteFile, cancellationToken);
        try
        {
            await ForgetDeadMigratorAsync(cancellationToken);
            await db.Database.MigrateAsync(cancellationToken);
        }
        catch (DbException) when (backup is not null)
        {
            await RestoreAsync(backup, database.SqliteFile);
            throw;
        }
    }

    /// <summary>Runs <paramref name="work"/> while no other replica does the same; SQLite needs no lock here, the data folder's lock covers it.</summary>
    private async Task ExclusivelyAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        if (database.SqliteFile is { } file)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await work(cancellationToken);
            return;
        }

        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({AdvisoryLock})", cancellationToken);
            await work(cancellationToken);
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({AdvisoryLock})", cancellationToken);
        }
        finally
        {
            // Closing a pooled connection resets its session, which frees the lock after a failure too.
            await db.Database.CloseConnectionAsync();
        }
    }

    private async Task<string?> BackUpAsync(string file, CancellationToken cancellationToken)
    {
        if (!await HasTablesAsync(cancellationToken))
        {
            return null;
        }

        var backup = $"{file}.{time.GetUtcNow():yyyyMMdd-HHmmss}.bak";
        await using var source = new SqliteConnection(database.ConnectionString);
        await using var target = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = backup, Pooling = false }.ConnectionString);
        await source.OpenAsync(cancellationToken);
        await target.OpenAsync(cancellationToken);
        source.BackupDatabase(target);
        DatabaseBackedUp(backup);
        return backup;
    }

    private async Task RestoreAsync(string backup, string file)
    {
        await db.Database.CloseConnectionAsync();
        SqliteConnection.ClearAllPools();
        File.Delete(file + "-wal");
        File.Delete(file + "-shm");
        File.Copy(backup, file, overwrite: true);
        DatabaseRestored(backup);
    }

    /// <summary>EF marks a running SQLite migration by a row and waits for ever on one whose process was killed.</summary>
    private async Task ForgetDeadMigratorAsync(CancellationToken cancellationToken)
    {
        const string find = "SELECT COUNT(*) AS \"Value\" FROM sqlite_master WHERE type = 'table' AND name = '__EFMigrationsLock'";
        if (File.Exists(database.SqliteFile) && await db.Database.SqlQueryRaw<int>(find).SingleAsync(cancellationToken) > 0)
        {
            await db.Database.ExecuteSqlRawAsync("DELETE FROM __EFMigrationsLock", cancellationToken);
        }
    }

    private static string OneLine(Exception exception) => FaultOfDatabase(exception)!.Message.ReplaceLineEndings(" ");

    /// <summary>What the database or the way to it said, out of the drivers' wrappers; null when something else is wrong.</summary>
    private static Exception? FaultOfDatabase(Exception exception)
    {
        Exception? fault = null;
        for (var e = exception; e is not null; e = e.InnerException)
        {
            fault = e is DbException or SocketException or TimeoutException or IOException or UnauthorizedAccessException ? e : fault;
        }

        return fault;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Database {Database} brought up to date: {Count} migrations")]
    private partial void DatabaseUpgraded(string database, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Database copied to {Backup} before its upgrade")]
    private partial void DatabaseBackedUp(string backup);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The upgrade failed; the database was put back from {Backup}")]
    private partial void DatabaseRestored(string backup);
}
