using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace AIHigress.Load.Targets;

/// <summary>Fills a stopped gateway's SQLite file with far more than the run asks for, by copying the rows that are there.</summary>
/// <param name="Providers">Stored by the gateway itself beforehand, so that each key is encrypted for itself.</param>
internal sealed record LargeTables(int Models, int Providers, int Keys)
{
    private const int UpstreamsPerModel = 10;

    private readonly Dictionary<string, SqliteCommand> _copies = [];

    public static readonly LargeTables Full = new(10_000, 1_000, 100_000);

    public static readonly LargeTables Quick = new(1_000, 100, 10_000);

    public static string Provider(int number) => string.Create(CultureInfo.InvariantCulture, $"bulk-{number}");

    public static string Model(int number) => string.Create(CultureInfo.InvariantCulture, $"bulk-model-{number}");

    /// <param name="database">The SQLite file; no server may use it.</param>
    /// <param name="model">A logical model to copy, and the provider of its first upstream.</param>
    public void Fill(string database, (string Logical, string Provider) model)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = database, Pooling = false }.ToString());
        connection.Open();
        using var transaction = connection.BeginTransaction();
        Execute(connection, "UPDATE providers SET managed_by = NULL WHERE id LIKE 'bulk-%'");
        var one = FirstUpstream(connection, model.Logical);
        for (var i = 0; i < Models; i++)
        {
            var upstreams = Enumerable.Range(0, UpstreamsPerModel).Select(n => (i + (n * (Providers / UpstreamsPerModel))) % Providers);
            var json = string.Join(',', upstreams.Select(n => one.Replace($"\"{model.Provider}\"", $"\"{Provider(n)}\"", StringComparison.Ordinal)));
            Copy(connection, "logical_models", "id", model.Logical, new() { ["id"] = Model(i), ["upstreams"] = $"[{json}]", ["managed_by"] = null });
            Execute(connection, $"INSERT INTO model_names (name, model_id, is_alias) VALUES ('{Model(i)}', '{Model(i)}', 0)");
        }

        for (var i = 0; i < Keys; i++)
        {
            Copy(connection, "api_keys", "name", "bench", new()
            {
                ["id"] = Guid.CreateVersion7().ToString().ToUpperInvariant(),
                ["name"] = $"bulk {i}",
                ["digest"] = SHA256.HashData(Encoding.ASCII.GetBytes($"sk-bulk-{i}-0123456789abcdefghijklmnopqrstuvwxyz")),
                ["managed_by"] = null,
            });
        }

        transaction.Commit();
    }

    // Columns come and go with versions: whatever is not given is as in the row that is copied.
    private void Copy(SqliteConnection connection, string table, string by, string value, Dictionary<string, object?> changed)
    {
        if (!_copies.TryGetValue(table, out var command))
        {
            var columns = Columns(connection, table);
            var values = columns.Select(c => changed.ContainsKey(c) ? $"${c}" : c);
            command = connection.CreateCommand();
            command.CommandText = $"INSERT INTO {table} ({string.Join(',', columns)}) SELECT {string.Join(',', values)} FROM {table} WHERE rowid = $row";
            command.Parameters.AddWithValue("$row", RowOf(connection, table, by, value));
            foreach (var name in changed.Keys)
            {
                command.Parameters.AddWithValue($"${name}", DBNull.Value);
            }

            _copies[table] = command;
        }

        foreach (var (name, content) in changed)
        {
            command.Parameters[$"${name}"].Value = content ?? DBNull.Value;
        }

        command.ExecuteNonQuery();
    }

    private static long RowOf(SqliteConnection connection, string table, string by, string value)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT rowid FROM {table} WHERE {by} = $value";
        command.Parameters.AddWithValue("$value", value);
        return command.ExecuteScalar() as long? ?? throw new InvalidOperationException($"There is no {table} with {by} = {value} to copy.");
    }

    private static List<string> Columns(SqliteConnection connection, string table)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT name FROM pragma_table_info('{table}')";
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    private static string FirstUpstream(SqliteConnection connection, string model)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT json_extract(upstreams, '$[0]') FROM logical_models WHERE id = $id";
        command.Parameters.AddWithValue("$id", model);
        return (string)command.ExecuteScalar()!;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
