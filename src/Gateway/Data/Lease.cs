using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Data;

/// <summary>
/// Which process does a job that only one of the cluster may do. The holder raises <see cref="Term"/> every few seconds; who sees it
/// stand still for a whole lease takes the job over. No clock of two machines is ever compared.
/// </summary>
public sealed class Lease
{
    public required string Name { get; set; }

    /// <summary>Replica and process; null when the last holder gave it back.</summary>
    public string? Holder { get; set; }
    public long Term { get; set; }

    /// <summary>For the reader of the table only.</summary>
    public DateTimeOffset RenewedAt { get; set; }

    /// <summary>How far the job has come, in steps of its own; whoever moves it forward does the step.</summary>
    public long Progress { get; set; }
}

internal sealed class LeaseConfiguration : IEntityTypeConfiguration<Lease>
{
    public void Configure(EntityTypeBuilder<Lease> builder)
    {
        builder.ToTable("leases");
        builder.HasKey(l => l.Name);
        builder.Property(l => l.Name).HasMaxLength(50);
        builder.Property(l => l.Holder).HasMaxLength(100);
    }
}
