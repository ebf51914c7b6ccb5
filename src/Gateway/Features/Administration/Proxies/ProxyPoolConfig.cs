using AIHigress.Gateway.Features.Providers.Proxies;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Features.Administration.Proxies;

/// <summary>The rules of the pool: one row, or none while nobody has changed them.</summary>
public sealed class ProxyPoolConfig
{
    public const int OnlyId = 1;

    public int Id { get; set; } = OnlyId;
    public bool Enabled { get; set; } = true;
    public ProxyStrategy Strategy { get; set; }

    /// <summary>What a check asks for through each proxy; null = proxies are not checked.</summary>
    public string? CheckUrl { get; set; }

    /// <summary>GET or HEAD.</summary>
    public string CheckMethod { get; set; } = "GET";
    public int TimeoutMs { get; set; } = 5000;
    public int IntervalSeconds { get; set; } = 300;
    public int FailureCooldownSeconds { get; set; } = 120;
    public int Version { get; set; } = 1;
    public DateTimeOffset? UpdatedAt { get; set; }

    public TimeSpan Interval => TimeSpan.FromSeconds(IntervalSeconds);

    public TimeSpan Cooldown => TimeSpan.FromSeconds(FailureCooldownSeconds);

    /// <summary>The stored rules, or what they are before they are stored; not tracked.</summary>
    public static async Task<ProxyPoolConfig> ReadAsync(DbSet<ProxyPoolConfig> rows, CancellationToken cancellationToken) =>
        await rows.AsNoTracking().SingleOrDefaultAsync(cancellationToken) ?? new ProxyPoolConfig();
}

internal sealed class ProxyPoolConfigConfiguration : IEntityTypeConfiguration<ProxyPoolConfig>
{
    public void Configure(EntityTypeBuilder<ProxyPoolConfig> builder)
    {
        builder.ToTable("proxy_config");
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.Property(c => c.CheckMethod).HasMaxLength(4);
        builder.Property(c => c.CheckUrl).HasMaxLength(500);
        builder.Property(c => c.Version).IsConcurrencyToken();
        builder.Ignore(c => c.Interval);
        builder.Ignore(c => c.Cooldown);
    }
}
