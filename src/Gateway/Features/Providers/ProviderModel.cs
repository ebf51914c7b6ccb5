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
    public int Misses { get; set; }
    public DateTimeOffset? MissingSince { get; set; }
    public DateTimeOffset? LastSeenAt { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
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
        builder.HasIndex(m => new { m.ProviderId, m.Model }).IsUnique();
        builder.HasIndex(m => new { m.ProviderId, m.Alias }).IsUnique();
    }
}
