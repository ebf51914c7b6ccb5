using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Features.Providers.Health.Traffic;

/// <summary>What one process saw of one provider within one minute. Only that process writes the row, so replicas never contend.</summary>
public sealed class TrafficMinute
{
    public required string ProviderId { get; set; }

    /// <summary>Minutes since 1970, UTC.</summary>
    public long Minute { get; set; }

    /// <summary>The process that counted.</summary>
    public required string Replica { get; set; }
    public int Answered { get; set; }

    /// <summary>Failures that are the provider's fault.</summary>
    public int Failed { get; set; }

    /// <summary>Times to first token, counted by <see cref="TtftScale"/>; empty when there was no stream.</summary>
    public int[] Ttft { get; set; } = [];
}

/// <summary>The times to first token of one provider's hour, over all replicas: what "usual" means for it.</summary>
public sealed class TtftHour
{
    public required string ProviderId { get; set; }

    /// <summary>Hours since 1970, UTC.</summary>
    public long Hour { get; set; }
    public int[] Counts { get; set; } = [];
}

internal sealed class TrafficMinuteConfiguration : IEntityTypeConfiguration<TrafficMinute>
{
    public void Configure(EntityTypeBuilder<TrafficMinute> builder)
    {
        builder.ToTable("provider_traffic");
        builder.HasKey(t => new { t.ProviderId, t.Minute, t.Replica });
        builder.Property(t => t.ProviderId).HasMaxLength(50);
        builder.Property(t => t.Replica).HasMaxLength(100);
        builder.HasIndex(t => t.Minute);
    }
}

internal sealed class TtftHourConfiguration : IEntityTypeConfiguration<TtftHour>
{
    public void Configure(EntityTypeBuilder<TtftHour> builder)
    {
        builder.ToTable("provider_ttft_hours");
        builder.HasKey(t => new { t.ProviderId, t.Hour });
        builder.Property(t => t.ProviderId).HasMaxLength(50);
        builder.HasIndex(t => t.Hour);
    }
}
