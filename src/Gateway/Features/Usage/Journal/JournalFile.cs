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
    private readonly SqliteCommand _insert;
    private readonly SqliteParameter _payload;
    private readonly SqliteCommand _delete;
    private readonly SqliteParameter _upTo;
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
        (_insert, var insert) = Prepare("INSERT INTO records (payload) VALUES ($p)", "$p");
        _payload = insert[0];
        (_delete, var delete) = Prepare("DELETE FROM records WHERE seq <= $p", "$p");
        _upTo = delete[0];
        (_read, var read) = Prepare("SELECT seq, payload FROM records WHERE seq > $a ORDER BY seq LIMIT $n", "$a", "$n");
        (_after, _limit) = (read[0], read[1]);
    }

    public void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public SqliteTransaction Begin() => _connection.BeginTransaction(deferred: false);

    public void Insert(SqliteTransaction transaction, byte[] payload)
    {
        _insert.Transaction = transaction;
        _payload.Value = payload;
        _insert.ExecuteNonQuery();
    }

    public void DeleteUpTo(SqliteTransaction transaction, long seq)
    {
        _delete.Transaction = transaction;
        _upTo.Value = seq;
        _delete.ExecuteNonQuery();
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
        _insert.Dispose();
        _delete.Dispose();
        _read.Dispose();
        _connection.Dispose();
    }

    private (SqliteCommand Command, SqliteParameter[] Parameters) Prepare(string sql, params string[] names)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        var parameters = names.Select(name => command.Parameters.Add(new SqliteParameter { ParameterName = name })).ToArray();
        return (command, parameters);
    }
}
