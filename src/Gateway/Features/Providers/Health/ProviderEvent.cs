using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Features.Providers.Health;

/// <summary>One line of a provider's history that nobody wrote by hand: a change of health, a pause or resumption by it.</summary>
public sealed class ProviderEvent
{
    public const string HealthChanged = "health_changed";
    public const string Paused = "paused";
    public const string Resumed = "resumed";

    public Guid Id { get; set; } = Guid.CreateVersion7();
    public required string ProviderId { get; set; }
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>health_changed, paused or resumed.</summary>
    public required string Kind { get; set; }
    public ProviderHealth From { get; set; }
    public ProviderHealth To { get; set; }

    /// <summary>The same code as the state's.</summary>
    public string? Reason { get; set; }
}

internal sealed class ProviderEventConfiguration : IEntityTypeConfiguration<ProviderEvent>
{
    public void Configure(EntityTypeBuilder<ProviderEvent> builder)
    {
        builder.ToTable("provider_events");
        builder.Property(e => e.Kind).HasMaxLength(30);
        builder.Property(e => e.Reason).HasMaxLength(30);
        builder.HasOne<Provider>().WithMany().HasForeignKey(e => e.ProviderId);
        builder.HasIndex(e => new { e.ProviderId, e.CreatedAt });
    }
}
