using System.Data.Common;
using System.Text.Json;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Kit;

/// <summary>What the gateway wrote to request_logs, read beside it.</summary>
public sealed class RequestLogs(Func<DbConnection> connect)
{
    private const string Columns = "request_id, client_request_id, status, error_code, ok, stream, attempts, input_tokens, output_tokens, tokens_estimated, detail, cached_input_tokens, cache_write_tokens, reasoning_tokens, protocol, upstream_protocol";

    /// <summary>The row of a request, as soon as the drain has brought it.</summary>
    public async Task<LoggedRequest> OneAsync(Guid requestId)
    {
        LoggedRequest? found = null;
        await Eventually.TrueAsync(
            async () => (found = (await AllAsync()).SingleOrDefault(r => r.RequestId == requestId)) is not null,
            $"request {requestId} is logged");
        return found!;
    }

    /// <summary>The row of a client's own request id, as soon as the drain has brought it.</summary>
    public async Task<LoggedRequest> OneOfClientAsync(Guid clientRequestId)
    {
        LoggedRequest? found = null;
        await Eventually.TrueAsync(
            async () => (found = (await AllAsync()).SingleOrDefault(r => r.ClientRequestId == clientRequestId.ToString())) is not null,
            $"client request {clientRequestId} is logged");
        return found!;
    }

    public async Task<IReadOnlyList<LoggedRequest>> AllAsync()
    {
        await using var connection = connect();
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM request_logs";
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<LoggedRequest>();
        while (await reader.ReadAsync())
        {
            rows.Add(new LoggedRequest(
                reader.GetGuid(0),
                await reader.IsDBNullAsync(1) ? null : reader.GetString(1),
                reader.GetInt32(2),
                await reader.IsDBNullAsync(3) ? null : reader.GetString(3),
                reader.GetBoolean(4),
                reader.GetBoolean(5),
                reader.GetInt32(6),
                reader.GetInt64(7),
                reader.GetInt64(8),
                reader.GetBoolean(9),
                await reader.IsDBNullAsync(10) ? "" : reader.GetString(10))
            {
                CachedInputTokens = reader.GetInt64(11),
                CacheWriteTokens = reader.GetInt64(12),
                ReasoningTokens = reader.GetInt64(13),
                Protocol = reader.GetString(14),
                UpstreamProtocol = await reader.IsDBNullAsync(15) ? null : reader.GetString(15),
            });
        }

        return rows;
    }
}

/// <summary>One row of request_logs.</summary>
public sealed record LoggedRequest(
    Guid RequestId,
    string? ClientRequestId,
    int Status,
    string? ErrorCode,
    bool Ok,
    bool Stream,
    int AttemptCount,
    long InputTokens,
    long OutputTokens,
    bool TokensEstimated,
    string Detail)
{
    public long CachedInputTokens { get; init; }

    public long CacheWriteTokens { get; init; }

    public long ReasoningTokens { get; init; }

    public string Protocol { get; init; } = "";

    public string? UpstreamProtocol { get; init; }

    /// <summary>One member of each attempt, in order; null where it has none.</summary>
    public IReadOnlyList<string?> OfAttempts(string member)
    {
        using var json = JsonDocument.Parse(Detail);
        return [.. json.RootElement.GetProperty("attempts").EnumerateArray().Select(a => a.TryGetProperty(member, out var value) ? value.ToString() : null)];
    }

    /// <summary>Provider and category of each attempt, in order.</summary>
    public IReadOnlyList<(string Provider, string Category)> Attempts
    {
        get
        {
            using var json = JsonDocument.Parse(Detail);
            return json.RootElement.TryGetProperty("attempts", out var attempts)
                ? [.. attempts.EnumerateArray().Select(a => (a.GetProperty("provider").GetString()!, a.GetProperty("category").GetString()!))]
                : [];
        }
    }
}
