using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Data;

/// <summary>A counter raised by every committed change; replicas that see it move load their snapshots anew.</summary>
public sealed class ChangeVersion
{
    public const string Snapshots = "snapshots";

    public required string Name { get; set; }
    public long Version { get; set; }
}

internal sealed class ChangeVersionConfiguration : IEntityTypeConfiguration<ChangeVersion>
{
    public void Configure(EntityTypeBuilder<ChangeVersion> builder)
    {
        builder.ToTable("change_versions");
        builder.HasKey(v => v.Name);
    }
}
