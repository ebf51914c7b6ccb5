using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Features.Providers;

/// <summary>A model that a provider serves, declared (static) or found in its own list (discovered).</summary>
public sealed class ProviderModel
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public required string ProviderId { get; set; }

    /// <summary>The upstream's own id, sent as it is.</summary>
    public required string Model { get; set; }
    public ProviderModelSource Source { get; set; }
    public string? Alias { get; set; }
    public string[]? Capabilities { get; set; }
    public int? ContextLength { get; set; }
    public int? MaxOutput { get; set; }
    public bool Disabled { get; set; }

    /// <summary>Looks in a row that did not find it; two end its traffic.</summary>
    public int Misses { get; set; }
    public DateTimeOffset? MissingSince { get; set; }
    public DateTimeOffset? LastSeenAt { get; set; }

    /// <summary>Raised by what people change, not by discovery.</summary>
    public int Version { get; set; } = 1;
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>True when a person set something; discovery then never removes it.</summary>
    public bool IsEdited => Alias is not null || Capabilities is not null || ContextLength is not null || MaxOutput is not null || Disabled;

    public bool IsGone => Misses >= 2;
}

public enum ProviderModelSource
{
    Static,
    Discovered,
}

internal sealed class ProviderModelConfiguration : IEntityTypeConfiguration<ProviderModel>
{
    public void Configure(EntityTypeBuilder<ProviderModel> builder)
    {
        builder.ToTable("provider_models");
        builder.HasOne<Provider>().WithMany().HasForeignKey(m => m.ProviderId);
        builder.Property(m => m.Version).IsConcurrencyToken();
        builder.Ignore(m => m.IsEdited);
        builder.Ignore(m => m.IsGone);
        builder.HasIndex(m => new { m.ProviderId, m.Model }).IsUnique();
        builder.HasIndex(m => new { m.ProviderId, m.Alias }).IsUnique();
    }
}
