using Microsoft.Data.Sqlite;

namespace AIHigress.Gateway.Features.Usage.Journal;

/// <summary>
/// The journal's SQLite file: one table of (seq, payload). WAL makes a commit one append to a file, which a killed
/// process can't lose; <c>synchronous=FULL</c> adds an fsync for power loss. One instance per thread.
/// </summary>
internal sealed class JournalFile : IDisposable
{
    private const int BusySeconds = 4;

    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _rollback;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _delete;
    private readonly SqliteCommand _read;
    private readonly SqliteParameter _after;
    private readonly SqliteParameter _limit;

    public JournalFile(string path, bool fullSync)
    {
        // The driver tries again for this long when somebody else holds the file; its usual half minute would hold answers.
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = BusySeconds }.ToString());
        _connection.Open();
        Execute($"""
            PRAGMA journal_mode=WAL;
            PRAGMA synchronous={(fullSync ? "FULL" : "NORMAL")};
            PRAGMA busy_timeout=1000;
            PRAGMA wal_autocheckpoint=2000;
            CREATE TABLE IF NOT EXISTS records (seq INTEGER PRIMARY KEY AUTOINCREMENT, payload BLOB NOT NULL);
            """);
        _begin = new SqliteStatement(_connection, "BEGIN IMMEDIATE");
        _commit = new SqliteStatement(_connection, "COMMIT");
        _rollback = new SqliteStatement(_connection, "ROLLBACK");
        _insert = new SqliteStatement(_connection, "INSERT INTO records (payload) VALUES (?)");
        _delete = new SqliteStatement(_connection, "DELETE FROM records WHERE seq <= ?");
        _read = _connection.CreateCommand();
        _read.CommandText = "SELECT seq, payload FROM records WHERE seq > $a ORDER BY seq LIMIT $n";
        _after = _read.Parameters.Add(new SqliteParameter { ParameterName = "$a" });
        _limit = _read.Parameters.Add(new SqliteParameter { ParameterName = "$n" });
    }

    public void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Begin() => _begin.Execute();

    public void Commit() => _commit.Execute();

    /// <summary>Undoes what was begun. Some failures, a full disk among them, end the transaction by themselves.</summary>
    public void Rollback()
    {
        try
        {
            _rollback.Execute();
        }
        catch (SqliteException)
        {
            // There was nothing left to undo; the failure that led here is what counts.
        }
    }

    /// <summary>The number that the record is kept under: each is one more than the last.</summary>
    public long Insert(byte[] payload)
    {
        _insert.Bind(1, payload.AsSpan());
        _insert.Execute();
        return _insert.LastRowId;
    }

    public void DeleteUpTo(long seq)
    {
        _delete.Bind(1, seq);
        _delete.Execute();
    }

    /// <summary>The next records after <paramref name="after"/>, oldest first.</summary>
    public List<(long Seq, byte[] Payload)> Read(long after, int limit)
    {
        _after.Value = after;
        _limit.Value = limit;
        var rows = new List<(long, byte[])>();
        using var reader = _read.ExecuteReader();
        while (reader.Read())
        {
            rows.Add((reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)));
        }

        return rows;
    }

    public void Dispose()
    {
        _begin.Dispose();
        _commit.Dispose();
        _rollback.Dispose();
        _insert.Dispose();
        _delete.Dispose();
        _read.Dispose();
        _connection.Dispose();
    }
}
