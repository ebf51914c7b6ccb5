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
    private static readonly Column[] Columns =
    [
        new("started_at", r => r.StartedAt, "timestamptz"),
        new("request_id", r => r.RequestId, "uuid"),
        new("parent_id", r => r.ParentId, "uuid"),
        new("kind", r => r.Kind, "text"),
        new("client_request_id", r => r.ClientRequestId, "text"),
        new("user_id", r => r.UserId, "uuid"),
        new("api_key_id", r => r.ApiKeyId, "uuid"),
        new("session_id", r => r.SessionId, "text"),
        new("app", r => r.App, "text"),
        new("endpoint", r => r.Endpoint, "text"),
        new("protocol", r => r.Protocol, "text"),
        new("upstream_protocol", r => r.UpstreamProtocol, "text"),
        new("requested_model", r => r.RequestedModel, "text"),
        new("logical_model", r => r.LogicalModel, "text"),
        new("provider_id", r => r.ProviderId, "text"),
        new("upstream_model", r => r.UpstreamModel, "text"),
        new("provider_key_id", r => r.ProviderKeyId, "uuid"),
        new("status", r => r.Status, "int4"),
        new("error_code", r => r.ErrorCode, "text"),
        new("ok", r => r.Ok, "bool"),
        new("stream", r => r.Stream, "bool"),
        new("attempts", r => r.Attempts.Count, "int4"),
        new("input_tokens", r => r.InputTokens, "int8"),
        new("cached_input_tokens", r => r.CachedInputTokens, "int8"),
        new("cache_write_tokens", r => r.CacheWriteTokens, "int8"),
        new("output_tokens", r => r.OutputTokens, "int8"),
        new("reasoning_tokens", r => r.ReasoningTokens, "int8"),
        new("tokens_estimated", r => r.TokensEstimated, "bool"),
        new("ttft_ms", r => r.TtftMs, "int4"),
        new("duration_ms", r => r.DurationMs, "int4"),
        new("bytes_in", r => r.BytesIn, "int8"),
        new("bytes_out", r => r.BytesOut, "int8"),
        new("detail", UsageRecordWriter.ToDetail, "text"),
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
                insert.Bind(i + 1, Columns[i].Read(record));
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
            command.Parameters.AddWithValue($"p{i}", ToArray(Columns[i], records));
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static Array ToArray(Column column, IReadOnlyList<UsageRecord> records)
    {
        var values = records.Select(column.Read);
        return column.PostgresType switch
        {
            "timestamptz" => values.Select(v => UnixMicroseconds.ToTime((long)v!).UtcDateTime).ToArray(),
            "uuid" => values.Select(v => (Guid?)v).ToArray(),
            "int4" => values.Select(v => (int?)v).ToArray(),
            "int8" => values.Select(v => (long?)v).ToArray(),
            "bool" => values.Select(v => (bool?)v).ToArray(),
            _ => values.Select(v => (string?)v).ToArray(),
        };
    }

    private sealed record Column(string Name, Func<UsageRecord, object?> Read, string PostgresType);
}
