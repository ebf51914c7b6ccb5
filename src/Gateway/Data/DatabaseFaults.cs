using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AIHigress.Gateway.Data;

/// <summary>What a refused write means, on either database.</summary>
internal static class DatabaseFaults
{
    private const int SqlitePrimaryKey = 1555;
    private const int SqliteUnique = 2067;

    /// <summary>True when the database is away, busy or refuses: what the outside does, no fault of the caller's.</summary>
    public static bool IsOutage(this Exception fault) =>
        fault is System.Data.Common.DbException or DbUpdateException or InvalidOperationException or TimeoutException or IOException or System.Net.Sockets.SocketException;

    /// <summary>True when a unique rule refused the write.</summary>
    public static bool IsUniqueViolation(this DbUpdateException fault) => fault.InnerException switch
    {
        SqliteException e => e.SqliteExtendedErrorCode is SqlitePrimaryKey or SqliteUnique,
        PostgresException e => e.SqlState == PostgresErrorCodes.UniqueViolation,
        _ => false,
    };
}
