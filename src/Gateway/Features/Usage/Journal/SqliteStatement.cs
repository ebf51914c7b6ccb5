using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AIHigress.Gateway.Features.Usage.Journal;

/// <summary>
/// A prepared statement that is bound by position and run again and again. The driver's commands look every parameter
/// up by its name and prepare BEGIN and COMMIT anew each time; on a path that every request takes, that costs more than
/// SQLite itself. Values are stored as the driver stores them.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private const int GuidLength = 36;
    private const int OnStack = 512;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <param name="connection">Open; it stays the owner of transactions that it began itself.</param>
    /// <param name="sql">One statement with ? for each value.</param>
    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(_database, sql, out _statement), _database);
    }

    /// <summary>The row that the connection's last insert made.</summary>
    public long LastRowId => raw.sqlite3_last_insert_rowid(_database);

    /// <param name="index">Counts from 1.</param>
    /// <param name="number">Null for NULL.</param>
    public void Bind(int index, long? number) =>
        Check(number is { } known ? raw.sqlite3_bind_int64(_statement, index, known) : raw.sqlite3_bind_null(_statement, index));

    /// <param name="index">Counts from 1.</param>
    /// <param name="id">Null for NULL.</param>
    public void Bind(int index, Guid? id)
    {
        if (id is { } known)
        {
            BindGuid(index, known);
        }
        else
        {
            Check(raw.sqlite3_bind_null(_statement, index));
        }
    }

    /// <param name="index">Counts from 1.</param>
    /// <param name="text">Null for NULL.</param>
    public void Bind(int index, string? text)
    {
        if (text is null)
        {
            Check(raw.sqlite3_bind_null(_statement, index));
        }
        else
        {
            BindText(index, text);
        }
    }

    /// <summary>Text that is UTF-8 already; SQLite keeps a copy. Not for empty text, which would be NULL.</summary>
    public void BindUtf8(int index, ReadOnlySpan<byte> text) => Check(raw.sqlite3_bind_text(_statement, index, text));

    public void Bind(int index, ReadOnlySpan<byte> blob) => Check(raw.sqlite3_bind_blob(_statement, index, blob));

    /// <summary>Runs it; what was bound stays bound.</summary>
    /// <exception cref="SqliteException">SQLite refuses.</exception>
    public void Execute()
    {
        var result = raw.sqlite3_step(_statement);
        raw.sqlite3_reset(_statement);
        if (result is not (raw.SQLITE_DONE or raw.SQLITE_ROW))
        {
            SqliteException.ThrowExceptionForRC(result, _database);
        }
    }

    public void Dispose() => _statement.Dispose();

    // The driver, and so everybody who reads the table, writes them in capitals.
    private void BindGuid(int index, Guid id)
    {
        Span<byte> text = stackalloc byte[GuidLength];
        id.TryFormat(text, out _);
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = text[i] is >= (byte)'a' and <= (byte)'f' ? (byte)(text[i] - 'a' + 'A') : text[i];
        }

        Check(raw.sqlite3_bind_text(_statement, index, text));
    }

    private void BindText(int index, string text)
    {
        if (text.Length == 0)
        {
            // An empty span would be a null pointer, which is NULL.
            Check(raw.sqlite3_bind_text(_statement, index, ""));
            return;
        }

        if (Encoding.UTF8.GetMaxByteCount(text.Length) > OnStack)
        {
            Check(raw.sqlite3_bind_text(_statement, index, Encoding.UTF8.GetBytes(text).AsSpan()));
            return;
        }

        Span<byte> bytes = stackalloc byte[OnStack];
        Check(raw.sqlite3_bind_text(_statement, index, bytes[..Encoding.UTF8.GetBytes(text, bytes)]));
    }

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);
}
