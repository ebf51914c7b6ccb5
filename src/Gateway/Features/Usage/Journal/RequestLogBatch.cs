using System.Data.Common;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AIHigress.Gateway.Features.Usage.Journal;

/// <summary>
/// Writes a batch of records to request_logs in one transaction; rows that are there already stay as they are.
/// Plain SQL on purpose: this runs for every request, and change tracking would cost more than the request.
/// </summary>
internal static class RequestLogBatch
{
    private static readonly RequestLogColumn[] Columns =
    [
        RequestLogColumn.Time("started_at", r => r.StartedAt),
        RequestLogColumn.Id("request_id", r => r.RequestId),
        RequestLogColumn.Id("parent_id", r => r.ParentId),
        RequestLogColumn.Text("kind", r => r.Kind),
        RequestLogColumn.Text("client_request_id", r => r.ClientRequestId),
        RequestLogColumn.Id("user_id", r => r.UserId),
        RequestLogColumn.Id("api_key_id", r => r.ApiKeyId),
        RequestLogColumn.Text("session_id", r => r.SessionId),
        RequestLogColumn.Text("app", r => r.App),
        RequestLogColumn.Text("endpoint", r => r.Endpoint),
        RequestLogColumn.Text("protocol", r => r.Protocol),
        RequestLogColumn.Text("upstream_protocol", r => r.UpstreamProtocol),
        RequestLogColumn.Text("requested_model", r => r.RequestedModel),
        RequestLogColumn.Text("logical_model", r => r.LogicalModel),
        RequestLogColumn.Text("provider_id", r => r.ProviderId),
        RequestLogColumn.Text("upstream_model", r => r.UpstreamModel),
        RequestLogColumn.Id("provider_key_id", r => r.ProviderKeyId),
        RequestLogColumn.Count("status", r => r.Status),
        RequestLogColumn.Text("error_code", r => r.ErrorCode),
        RequestLogColumn.Flag("ok", r => r.Ok),
        RequestLogColumn.Flag("stream", r => r.Stream),
        RequestLogColumn.Count("attempts", r => r.Attempts.Count),
        RequestLogColumn.Sum("input_tokens", r => r.InputTokens),
        RequestLogColumn.Sum("cached_input_tokens", r => r.CachedInputTokens),
        RequestLogColumn.Sum("cache_write_tokens", r => r.CacheWriteTokens),
        RequestLogColumn.Sum("output_tokens", r => r.OutputTokens),
        RequestLogColumn.Sum("reasoning_tokens", r => r.ReasoningTokens),
        RequestLogColumn.Flag("tokens_estimated", r => r.TokensEstimated),
        RequestLogColumn.Count("ttft_ms", r => r.TtftMs),
        RequestLogColumn.Count("duration_ms", r => r.DurationMs),
        RequestLogColumn.Sum("bytes_in", r => r.BytesIn),
        RequestLogColumn.Sum("bytes_out", r => r.BytesOut),
        RequestLogColumn.Detail("detail"),
    ];

    private static readonly string ColumnNames = string.Join(", ", Columns.Select(c => c.Name));

    private static readonly string SqliteInsert =
        $"INSERT INTO request_logs ({ColumnNames}) VALUES ({string.Join(", ", Columns.Select(_ => "?"))}) ON CONFLICT DO NOTHING";

    // The journal forgets what was committed here, so a commit must be on disk, whatever the server's default is.
    private const string PostgresDurably =
        "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'; ";

    private static readonly string PostgresInsert =
        PostgresDurably +
        $"INSERT INTO request_logs ({ColumnNames}) SELECT * FROM unnest({string.Join(", ", Columns.Select((c, i) => $"@p{i}::{c.PostgresType}[]"))}) ON CONFLICT DO NOTHING";

    public static async Task InsertAsync(DbConnection connection, IReadOnlyList<UsageRecord> records, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (connection is SqliteConnection sqlite)
        {
            InsertEach(sqlite, records);
        }
        else
        {
            await InsertTogetherAsync((NpgsqlConnection)connection, (NpgsqlTransaction)transaction, records, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static void InsertEach(SqliteConnection connection, IReadOnlyList<UsageRecord> records)
    {
        using var insert = new SqliteStatement(connection, SqliteInsert);
        foreach (var record in records)
        {
            for (var i = 0; i < Columns.Length; i++)
            {
                Columns[i].Bind(insert, i + 1, record);
            }

            insert.Execute();
        }
    }

    private static async Task InsertTogetherAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<UsageRecord> records, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = PostgresInsert;
        for (var i = 0; i < Columns.Length; i++)
        {
            command.Parameters.AddWithValue($"p{i}", Columns[i].ToArray(records));
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
