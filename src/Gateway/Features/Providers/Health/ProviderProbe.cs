using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Features.Providers.Health;

/// <summary>One probe's result; the last fifty of each provider are kept.</summary>
public sealed class ProviderProbe
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public required string ProviderId { get; set; }
    public DateTimeOffset At { get; set; }
    public ProbeOutcome Outcome { get; set; }
    public required string Model { get; set; }
    public int Ms { get; set; }

    /// <summary>The upstream's HTTP status, when one came.</summary>
    public int? Status { get; set; }

    /// <summary>Scrubbed.</summary>
    public string? Error { get; set; }
    public long InputTokens { get; set; }
    public long OutputTokens { get; set; }
}

/// <summary>What a probe showed.</summary>
public enum ProbeOutcome
{
    Ok,
    Failed,

    /// <summary>It says nothing of the provider's health: too many requests, no free place, or only its choice of model was refused.</summary>
    Inconclusive,
}

internal sealed class ProviderProbeConfiguration : IEntityTypeConfiguration<ProviderProbe>
{
    public void Configure(EntityTypeBuilder<ProviderProbe> builder)
    {
        builder.ToTable("provider_probes");
        builder.Property(p => p.Model).HasMaxLength(200);
        builder.HasOne<Provider>().WithMany().HasForeignKey(p => p.ProviderId);
        builder.HasIndex(p => new { p.ProviderId, p.At });
    }
}
