using System.Text.Json.Serialization;

namespace AIHigress.Gateway.Features.Usage;

/// <summary>
/// What one request was, did and used (data-plane.md §8). Written once to the journal before the last byte of the
/// answer; the drain copies it to request_logs. Times are UTC microseconds since 1970, durations milliseconds, sizes bytes.
/// </summary>
public sealed record UsageRecord
{
    public required Guid RequestId { get; init; }
    public Guid? ParentId { get; init; }

    /// <summary>client, chat, title, summary, eval, probe or test.</summary>
    public string Kind { get; init; } = "client";
    public string? ClientRequestId { get; init; }
    public required long StartedAt { get; init; }
    public Guid? UserId { get; init; }
    public Guid? ApiKeyId { get; init; }
    public string? SessionId { get; init; }
    public string? App { get; init; }
    public required string Endpoint { get; init; }
    public required string Protocol { get; init; }
    public string? UpstreamProtocol { get; init; }
    public string? RequestedModel { get; init; }
    public string? LogicalModel { get; init; }
    public string? ProviderId { get; init; }
    public string? UpstreamModel { get; init; }
    public Guid? ProviderKeyId { get; init; }
    public int Status { get; init; }
    public string? ErrorCode { get; init; }

    /// <summary>True only for an answer that the client got, or could get, in full and without an error.</summary>
    public bool Ok { get; init; }
    public bool Stream { get; init; }
    public long InputTokens { get; init; }
    public long CachedInputTokens { get; init; }
    public long CacheWriteTokens { get; init; }
    public long OutputTokens { get; init; }
    public long ReasoningTokens { get; init; }
    public bool TokensEstimated { get; init; }
    public int? TtftMs { get; init; }
    public int DurationMs { get; init; }
    public long BytesIn { get; init; }
    public long BytesOut { get; init; }
    public IReadOnlyList<UsageAttempt> Attempts { get; init; } = [];

    /// <summary>What the planner chose from, in short: "strategy;candidate=score,…;-excluded=reason,…".</summary>
    public string? Plan { get; init; }
    public string? TraceId { get; init; }
}

/// <summary>One try on one candidate with one provider key.</summary>
/// <param name="Provider">Provider id.</param>
/// <param name="Model">Upstream model id.</param>
/// <param name="KeyId">Provider key, null when the provider needs none.</param>
/// <param name="Status">Upstream's HTTP status; null when none arrived.</param>
/// <param name="Category">ok, network, timeout, upstream_error, rate_limited, auth, rejected, unsupported, malformed, too_slow, hedge_lost, canceled.</param>
/// <param name="StartMs">Milliseconds from the request's start.</param>
/// <param name="TtftMs">Milliseconds from the attempt's start to its first meaningful event.</param>
/// <param name="DurationMs">Milliseconds from the attempt's start to its end.</param>
/// <param name="Error">Short, scrubbed text; never a key or URL.</param>
public sealed record UsageAttempt(
    string Provider,
    string Model,
    Guid? KeyId,
    int? Status,
    string Category,
    int StartMs,
    int? TtftMs,
    int DurationMs,
    string? Error)
{
    /// <summary>Why it was made: hedge, continuation; null: as the next in the plan.</summary>
    public string? Role { get; init; }

    /// <summary>What became of it besides its category: "continued_by provider/model", served though slow.</summary>
    public string? Note { get; init; }

    /// <summary>Estimated tokens that the upstream will bill and nobody got anything of; never charged.</summary>
    public long WasteInputTokens { get; init; }
    public long WasteOutputTokens { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(UsageRecord))]
[JsonSerializable(typeof(UsageDetail))]
internal sealed partial class UsageJson : JsonSerializerContext;

/// <summary>The part of a record that request_logs keeps as JSON.</summary>
public sealed record UsageDetail(IReadOnlyList<UsageAttempt> Attempts, string? Plan, string? TraceId);
