using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Data;

/// <summary>Who changed what; append-only, each entry's hash covers the one before.</summary>
public sealed class AuditEntry
{
    public long Seq { get; set; }
    public DateTimeOffset At { get; set; }
    public Guid? ActorId { get; set; }
    public required string Actor { get; set; }
    public string? Ip { get; set; }
    public required string Action { get; set; }
    public required string Target { get; set; }

    /// <summary>JSON object: field → [before, after]; secrets as "changed".</summary>
    public string? Diff { get; set; }
    public string? TraceId { get; set; }
    public required byte[] Hash { get; set; }
}

/// <summary>The last entry's number and hash; its row is locked while the next one is written.</summary>
public sealed class AuditHead
{
    public int Id { get; set; }
    public long Seq { get; set; }
    public required byte[] Hash { get; set; }

    /// <summary>Number and hash, sealed by the key ring: who cuts off the log's end by SQL can't make the head fit.</summary>
    public string? Seal { get; set; }
}

internal sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.ToTable("audit_log");
        builder.HasKey(e => e.Seq);
        builder.Property(e => e.Seq).ValueGeneratedNever();
        builder.HasIndex(e => e.At);
        builder.HasIndex(e => new { e.Target, e.At });
        builder.HasIndex(e => new { e.ActorId, e.At });
        builder.HasIndex(e => new { e.Action, e.At });
    }
}

internal sealed class AuditHeadConfiguration : IEntityTypeConfiguration<AuditHead>
{
    public void Configure(EntityTypeBuilder<AuditHead> builder)
    {
        builder.ToTable("audit_head");
        builder.Property(h => h.Id).ValueGeneratedNever();
        builder.Property(h => h.Seq).IsConcurrencyToken();
    }
}
