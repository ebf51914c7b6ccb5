using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Features.Providers.Health;

/// <summary>One UTC day of one provider, in minutes. Minutes that nobody watched are in no column.</summary>
public sealed class ProviderUptime
{
    public required string ProviderId { get; set; }
    public DateOnly Day { get; set; }
    public int Up { get; set; }
    public int Degraded { get; set; }
    public int Down { get; set; }

    /// <summary>Watched, but with neither traffic nor probes to judge by.</summary>
    public int Unseen { get; set; }
}

internal sealed class ProviderUptimeConfiguration : IEntityTypeConfiguration<ProviderUptime>
{
    public void Configure(EntityTypeBuilder<ProviderUptime> builder)
    {
        builder.ToTable("provider_uptime");
        builder.HasKey(u => new { u.ProviderId, u.Day });
        builder.HasOne<Provider>().WithMany().HasForeignKey(u => u.ProviderId);
    }
}
