using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Features.Usage;

/// <summary>One answered or refused request, written by the journal drain; the key makes a replay harmless.</summary>
public sealed class RequestLog
{
    public DateTimeOffset StartedAt { get; set; }
    public Guid RequestId { get; set; }
    public Guid? ParentId { get; set; }
    public required string Kind { get; set; }
    public string? ClientRequestId { get; set; }
    public Guid? UserId { get; set; }
    public Guid? ApiKeyId { get; set; }
    public string? SessionId { get; set; }
    public string? App { get; set; }
    public required string Endpoint { get; set; }
    public required string Protocol { get; set; }
    public string? UpstreamProtocol { get; set; }
    public string? RequestedModel { get; set; }
    public string? LogicalModel { get; set; }
    public string? ProviderId { get; set; }
    public string? UpstreamModel { get; set; }
    public Guid? ProviderKeyId { get; set; }

    /// <summary>The HTTP status the client really got; 499 when it left before one was sent.</summary>
    public int Status { get; set; }
    public string? ErrorCode { get; set; }
    public bool Ok { get; set; }
    public bool Stream { get; set; }
    public int Attempts { get; set; }
    public long InputTokens { get; set; }
    public long CachedInputTokens { get; set; }
    public long CacheWriteTokens { get; set; }
    public long OutputTokens { get; set; }
    public long ReasoningTokens { get; set; }

    /// <summary>True when the upstream reported no usage and the tokens were counted here.</summary>
    public bool TokensEstimated { get; set; }
    public int? TtftMs { get; set; }
    public int DurationMs { get; set; }
    public long BytesIn { get; set; }
    public long BytesOut { get; set; }

    /// <summary>JSON: attempts and plan digest, as the record had them.</summary>
    public string? Detail { get; set; }
}

internal sealed class RequestLogConfiguration : IEntityTypeConfiguration<RequestLog>
{
    public void Configure(EntityTypeBuilder<RequestLog> builder)
    {
        builder.ToTable("request_logs");
        builder.HasKey(r => new { r.StartedAt, r.RequestId });
        builder.HasIndex(r => r.RequestId);
        builder.HasIndex(r => new { r.UserId, r.StartedAt });
        builder.HasIndex(r => new { r.ApiKeyId, r.StartedAt });
        builder.HasIndex(r => new { r.ProviderId, r.StartedAt });
        builder.HasIndex(r => new { r.LogicalModel, r.StartedAt });
        builder.HasIndex(r => r.StartedAt).HasFilter("error_code IS NOT NULL").HasDatabaseName("ix_request_logs_errors");
    }
}
