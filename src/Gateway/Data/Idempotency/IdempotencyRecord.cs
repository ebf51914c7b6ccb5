using AIHigress.Gateway.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Data.Idempotency;

/// <summary>A request with an <c>Idempotency-Key</c>, and what was answered; kept for seven days.</summary>
public sealed class IdempotencyRecord
{
    public Guid Id { get; set; } = Guid.CreateVersion7();

    /// <summary>The user, whichever key or session asks.</summary>
    public Guid CallerId { get; set; }
    public required string Key { get; set; }

    /// <summary>SHA-256 of method, path with query, and body.</summary>
    public required byte[] Digest { get; set; }

    /// <summary>Null while the first request runs.</summary>
    public int? Status { get; set; }
    public string? ContentType { get; set; }
    public string? Location { get; set; }
    public ProtectedSecret? Answer { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
}

internal sealed class IdempotencyRecordConfiguration : IEntityTypeConfiguration<IdempotencyRecord>
{
    public void Configure(EntityTypeBuilder<IdempotencyRecord> builder)
    {
        builder.ToTable("idempotency_records");
        builder.HasIndex(r => new { r.CallerId, r.Key }).IsUnique();
        builder.HasIndex(r => r.ExpiresAt);
        builder.Property(r => r.Key).HasMaxLength(80);
    }
}
