using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Features.Providers.Health;

/// <summary>What is held of one provider's health. Written by the cluster's one prober alone.</summary>
public sealed class ProviderHealthState
{
    public required string ProviderId { get; set; }
    public ProviderHealth Health { get; set; }

    /// <summary>A stable code: probes_failed, error_rate, slow, probes_good, traffic_good, probe_good, nothing_seen, switched_off.</summary>
    public string? Reason { get; set; }
    public DateTimeOffset Since { get; set; }

    /// <summary>When to probe next; who moves it forward is the one that probes.</summary>
    public DateTimeOffset ProbeDueAt { get; set; }

    /// <summary>The last probe that told something.</summary>
    public DateTimeOffset? LastProbeAt { get; set; }
    public bool? LastProbeOk { get; set; }
    public string? LastProbeError { get; set; }

    /// <summary>The minute of the last answer to a client.</summary>
    public DateTimeOffset? LastTrafficAt { get; set; }

    /// <summary>Failed probes in a row.</summary>
    public int FailedInRow { get; set; }

    /// <summary>Good probes in a row since the health last changed.</summary>
    public int GoodInRow { get; set; }

    /// <summary>It has no model to chat with, so probes tell nothing.</summary>
    public bool Unprobeable { get; set; }

    /// <summary>How often the interval is doubled while the provider is paused by its health.</summary>
    public int Backoff { get; set; }
}

internal sealed class ProviderHealthStateConfiguration : IEntityTypeConfiguration<ProviderHealthState>
{
    public void Configure(EntityTypeBuilder<ProviderHealthState> builder)
    {
        builder.ToTable("provider_health");
        builder.HasKey(h => h.ProviderId);
        builder.Property(h => h.ProviderId).HasMaxLength(50);
        builder.Property(h => h.Reason).HasMaxLength(30);
        builder.HasOne<Provider>().WithOne().HasForeignKey<ProviderHealthState>(h => h.ProviderId);
        builder.HasIndex(h => h.ProbeDueAt);
    }
}
