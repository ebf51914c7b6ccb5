using System.Diagnostics.CodeAnalysis;

namespace AIHigress.Gateway.Features.Usage;

/// <summary>One request in the log.</summary>
public record RequestLogView
{
    public required Guid RequestId { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public Guid? ParentId { get; init; }
    public required string Kind { get; init; }
    public string? ClientRequestId { get; init; }
    public Guid? UserId { get; init; }
    public string? Username { get; init; }
    public Guid? ApiKeyId { get; init; }
    public string? ApiKeyName { get; init; }
    public string? SessionId { get; init; }
    public string? App { get; init; }
    public required string Endpoint { get; init; }
    public required string Protocol { get; init; }
    public string? UpstreamProtocol { get; init; }
    public string? RequestedModel { get; init; }
    public string? LogicalModel { get; init; }
    public string? ProviderId { get; init; }
    public string? UpstreamModel { get; init; }

    /// <summary>The HTTP status the client really got; 499 when it left before one was sent.</summary>
    public int Status { get; init; }
    public string? ErrorCode { get; init; }
    public bool Ok { get; init; }
    public bool Stream { get; init; }
    public int AttemptCount { get; init; }
    public required TokenCounts Tokens { get; init; }
    public int? TtftMs { get; init; }
    public int DurationMs { get; init; }
    public long BytesIn { get; init; }
    public long BytesOut { get; init; }

    internal static RequestLogView Of(RequestLog row, RequestLogNames names) => new()
    {
        RequestId = row.RequestId,
        StartedAt = row.StartedAt,
        ParentId = row.ParentId,
        Kind = row.Kind,
        ClientRequestId = row.ClientRequestId,
        UserId = row.UserId,
        Username = row.UserId is { } user ? names.Users.GetValueOrDefault(user) : null,
        ApiKeyId = row.ApiKeyId,
        ApiKeyName = row.ApiKeyId is { } key ? names.ApiKeys.GetValueOrDefault(key) : null,
        SessionId = row.SessionId,
        App = row.App,
        Endpoint = row.Endpoint,
        Protocol = row.Protocol,
        UpstreamProtocol = row.UpstreamProtocol,
        RequestedModel = row.RequestedModel,
        LogicalModel = row.LogicalModel,
        ProviderId = row.ProviderId,
        UpstreamModel = row.UpstreamModel,
        Status = row.Status,
        ErrorCode = row.ErrorCode,
        Ok = row.Ok,
        Stream = row.Stream,
        AttemptCount = row.Attempts,
        Tokens = new TokenCounts(row.InputTokens, row.CachedInputTokens, row.CacheWriteTokens, row.OutputTokens, row.ReasoningTokens, row.TokensEstimated),
        TtftMs = row.TtftMs,
        DurationMs = row.DurationMs,
        BytesIn = row.BytesIn,
        BytesOut = row.BytesOut,
    };
}

/// <summary>Disjoint token counts; estimated when the upstream reported none.</summary>
public sealed record TokenCounts(long Input, long CachedInput, long CacheWrite, long Output, long Reasoning, bool Estimated);

/// <summary>A request with everything that is known about how it was served.</summary>
public sealed record RequestLogDetail : RequestLogView
{
    [SetsRequiredMembers]
    internal RequestLogDetail(RequestLogView row)
        : base(row)
    {
    }

    public required IReadOnlyList<AttemptView> Attempts { get; init; } = [];

    /// <summary>What the planner chose from, in short.</summary>
    public string? Plan { get; init; }
    public string? TraceId { get; init; }
}

/// <summary>One try on one candidate; the key is named only to who sees the provider's details.</summary>
public sealed record AttemptView(
    string Provider,
    string Model,
    string? KeyLabel,
    string? KeyHint,
    int? Status,
    string Category,
    int StartMs,
    int? TtftMs,
    int DurationMs,
    string? Error,
    string? Role,
    string? Note,
    long WasteInputTokens,
    long WasteOutputTokens);

/// <summary>Names for the ids of a page.</summary>
internal sealed record RequestLogNames(IReadOnlyDictionary<Guid, string> Users, IReadOnlyDictionary<Guid, string> ApiKeys);
