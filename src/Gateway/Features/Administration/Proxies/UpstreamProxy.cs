using AIHigress.Gateway.Common;
using AIHigress.Gateway.Features.Administration.Proxies.Sources;
using AIHigress.Gateway.Features.Providers.Proxies;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Features.Administration.Proxies;

/// <summary>A proxy of the pool. Username is empty when it asks for none, so that the unique rule holds.</summary>
public sealed class UpstreamProxy
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public ProxyScheme Scheme { get; set; }
    public required string Host { get; set; }
    public int Port { get; set; }
    public string Username { get; set; } = "";
    public ProtectedSecret? Password { get; set; }
    public bool Enabled { get; set; } = true;

    /// <summary>The list it came from; null when it was added by hand.</summary>
    public Guid? SourceId { get; set; }
    public DateTimeOffset? LastCheckAt { get; set; }
    public int? LastCheckMs { get; set; }
    public bool? LastCheckOk { get; set; }
    public string? LastCheckError { get; set; }

    /// <summary>When to check next; the past = as soon as possible.</summary>
    public DateTimeOffset CheckDueAt { get; set; }

    /// <summary>Since the last check that went well: failed checks, and failures that traffic met.</summary>
    public int Failures { get; set; }
    public DateTimeOffset? CooldownUntil { get; set; }
    public int Version { get; set; } = 1;
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
}

internal sealed class UpstreamProxyConfiguration : IEntityTypeConfiguration<UpstreamProxy>
{
    public void Configure(EntityTypeBuilder<UpstreamProxy> builder)
    {
        builder.ToTable("proxies");
        builder.Property(p => p.Host).HasMaxLength(253);
        builder.Property(p => p.Username).HasMaxLength(255);
        builder.Property(p => p.LastCheckError).HasMaxLength(200);
        builder.Property(p => p.Version).IsConcurrencyToken();
        builder.HasOne<ProxySource>().WithMany().HasForeignKey(p => p.SourceId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(p => new { p.Scheme, p.Host, p.Port, p.Username }).IsUnique();
        builder.HasIndex(p => p.CheckDueAt);
    }
}
