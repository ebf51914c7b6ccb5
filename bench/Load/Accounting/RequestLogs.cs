using System.Diagnostics;
using System.Globalization;
using AIHigress.Load.Scenarios;
using Microsoft.Data.Sqlite;

namespace AIHigress.Load.Accounting;

/// <summary>
/// Reads the gateway's request log beside it and holds it to what was sent: every request has one row, every row a
/// request, with the tokens that the providers reported; probes have rows of their own kind. A fast run with accounting off is no result.
/// </summary>
internal sealed class RequestLogs(string database)
{
    private const string Sql = """
        SELECT rowid, provider_id, request_id,
          ok = 1 AND status = 200 AND attempts = 1 AND requested_model = $model AND upstream_model = $upstream AND stream = $stream
          AND input_tokens = $input AND output_tokens = $output AND tokens_estimated = 0 AND bytes_in IN ($bytes, $first) AND bytes_out > 0
        FROM request_logs WHERE kind = 'client' AND rowid > $after ORDER BY rowid
        """;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private readonly string _connection = new SqliteConnectionStringBuilder { DataSource = database, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString();
    private readonly HashSet<string> _seen = [];
    private long _last;

    /// <summary>Rows that were checked and found right so far.</summary>
    public long Checked => _seen.Count;

    /// <summary>Waits until so many rows more are there.</summary>
    /// <exception cref="AccountingException">They do not come.</exception>
    public async Task WaitForAsync(Scenario scenario, int requests, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        while (await CountAsync() is var count && count < requests)
        {
            if (clock.Elapsed > Longest)
            {
                throw new AccountingException($"{scenario.Name}: {requests} requests were answered, but after {Longest.TotalSeconds} s the request log has {count} rows of them.");
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>Compares the rows that came since the last call with what was sent. A row too many that comes late is found by the next call.</summary>
    /// <exception cref="AccountingException">There are other rows, too many, or one twice.</exception>
    public async Task CheckAsync(Scenario scenario, int requests)
    {
        await using var connection = Open();
        await using var command = connection.CreateCommand();
        command.CommandText = Sql;
        command.Parameters.AddWithValue("$after", _last);
        command.Parameters.AddWithValue("$model", scenario.Model);
        command.Parameters.AddWithValue("$upstream", scenario.UpstreamModel);
        command.Parameters.AddWithValue("$stream", scenario.Stream);
        command.Parameters.AddWithValue("$input", scenario.PromptTokens);
        command.Parameters.AddWithValue("$output", scenario.Chunks);
        command.Parameters.AddWithValue("$bytes", scenario.RequestBytes);
        command.Parameters.AddWithValue("$first", scenario.FirstRequestBytes ?? scenario.RequestBytes);
        await using var reader = await command.ExecuteReaderAsync();
        int rows = 0, wrong = 0, twice = 0;
        var providers = new Dictionary<string, int>();
        while (await reader.ReadAsync())
        {
            rows++;
            _last = reader.GetInt64(0);
            var provider = await reader.IsDBNullAsync(1) ? "none" : reader.GetString(1);
            providers[provider] = providers.GetValueOrDefault(provider) + 1;
            twice += _seen.Add(Convert.ToString(reader.GetValue(2), CultureInfo.InvariantCulture)!) ? 0 : 1;
            wrong += reader.GetBoolean(3) ? 0 : 1;
        }

        if (rows != requests || wrong > 0 || twice > 0 || (requests > 0 && providers.Count != 2))
        {
            var split = string.Join(", ", providers.Select(p => $"{p.Key}: {p.Value}"));
            throw new AccountingException(
                $"{scenario.Name}: {requests} requests were answered; the request log has {rows} rows ({split}), {wrong} of them not as they must be, {twice} of them twice. Both providers must have served.");
        }
    }

    private async Task<long> CountAsync()
    {
        await using var connection = Open();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM request_logs WHERE kind = 'client' AND rowid > $after";
        command.Parameters.AddWithValue("$after", _last);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connection);
        connection.Open();
        return connection;
    }
}

/// <summary>The request log and the requests differ: the run is no result.</summary>
internal sealed class AccountingException(string message) : Exception(message);
