using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AIHigress.Gateway.Data;

/// <summary>
/// What every SQLite connection needs: readers that don't block the writer (WAL), one fsync per checkpoint instead of
/// per commit, and SQLite's own short waits for the write lock in place of the driver's 150 ms naps. A log of 16 MiB and
/// 8 MiB of pages at hand: with SQLite's own 4 and 2, a busy request log has its index pages written and read again and again.
/// </summary>
internal sealed class SqlitePragmas : DbConnectionInterceptor
{
    private const string Sql =
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=10000; PRAGMA foreign_keys=ON; "
        + "PRAGMA wal_autocheckpoint=4096; PRAGMA cache_size=-8192;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        if (IsReadOnly(connection))
        {
            return;
        }

        using var command = connection.CreateCommand();
        command.CommandText = Sql;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        if (IsReadOnly(connection))
        {
            return;
        }

        await using var command = connection.CreateCommand();
        command.CommandText = Sql;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>EF looks whether a database exists over such a connection, which can't change the journal mode.</summary>
    private static bool IsReadOnly(DbConnection connection) => connection.ConnectionString.Contains("Mode=ReadOnly", StringComparison.OrdinalIgnoreCase);
}
