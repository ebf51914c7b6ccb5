using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Features.Models;

/// <summary>The name that clients ask for, and the upstreams that may serve it.</summary>
public sealed class LogicalModel
{
    /// <summary>1 to 128 characters of A-Z a-z 0-9 . _ : / -</summary>
    public required string Id { get; set; }
    public string? DisplayName { get; set; }
    public string? Description { get; set; }
    public string[] Aliases { get; set; } = [];
    public List<LogicalModelUpstream> Upstreams { get; set; } = [];
    public string[] Fallbacks { get; set; } = [];

    /// <summary>Null = the default strategy.</summary>
    public string? Strategy { get; set; }
    public int? TtftTimeoutMs { get; set; }
    public int? IdleTimeoutMs { get; set; }
    public int? TotalTimeoutMs { get; set; }
    public PromptAffinity Affinity { get; set; }

    /// <summary>Milliseconds, or "p95"; null = no hedging.</summary>
    public string? HedgeAfter { get; set; }
    public double? MinCharsPerSecond { get; set; }
    public bool Continuation { get; set; }
    public BanditReward BanditReward { get; set; }
    public string[] Tags { get; set; } = [];
    public bool Enabled { get; set; } = true;
    public string? ManagedBy { get; set; }
    public int Version { get; set; } = 1;
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>One (provider, upstream model) of a logical model; order matters for the strategy "priority".</summary>
public sealed class LogicalModelUpstream
{
    public required string Provider { get; set; }
    public required string Model { get; set; }

    /// <summary>0 to 1000.</summary>
    public int Weight { get; set; } = 1;
    public bool Enabled { get; set; } = true;
}

/// <summary>The one name space of ids and aliases: a clash fails in the database.</summary>
public sealed class ModelName
{
    public required string Name { get; set; }
    public required string ModelId { get; set; }
    public bool IsAlias { get; set; }
}

internal sealed class LogicalModelConfiguration : IEntityTypeConfiguration<LogicalModel>
{
    public void Configure(EntityTypeBuilder<LogicalModel> builder)
    {
        builder.ToTable("logical_models");
        builder.Property(m => m.Id).HasMaxLength(128);
        builder.Property(m => m.HedgeAfter).HasMaxLength(10);
        builder.Property(m => m.Affinity).HasDefaultValue(PromptAffinity.None);
        builder.Property(m => m.BanditReward).HasDefaultValue(BanditReward.Success);
        builder.Property(m => m.Version).IsConcurrencyToken();
        builder.OwnsMany(m => m.Upstreams, upstreams => upstreams.ToJson("upstreams"));
    }
}

internal sealed class ModelNameConfiguration : IEntityTypeConfiguration<ModelName>
{
    public void Configure(EntityTypeBuilder<ModelName> builder)
    {
        builder.ToTable("model_names");
        builder.HasKey(n => n.Name);
        builder.Property(n => n.Name).HasMaxLength(128);
        builder.HasOne<LogicalModel>().WithMany().HasForeignKey(n => n.ModelId);
    }
}
