using AIHigress.Gateway.Common;
using AIHigress.Gateway.Features.Providers.Proxies;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Features.Administration.Proxies.Sources;

/// <summary>A list of proxies: pasted by hand, or read from an address again and again.</summary>
public sealed class ProxySource
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public required string Name { get; set; }
    public ProxySourceKind Kind { get; set; }

    /// <summary>Of a remote list. Such addresses often carry a token.</summary>
    public ProtectedSecret? Url { get; set; }

    /// <summary>JSON object, protected as a whole.</summary>
    public ProtectedSecret? Headers { get; set; }

    /// <summary>The scheme of lines that name none.</summary>
    public ProxyScheme Scheme { get; set; }
    public bool Enabled { get; set; } = true;
    public int IntervalSeconds { get; set; }
    public DateTimeOffset RefreshDueAt { get; set; }
    public DateTimeOffset? LastRefreshAt { get; set; }
    public string? LastRefreshError { get; set; }
    public int Version { get; set; } = 1;
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
}

public enum ProxySourceKind
{
    Static,
    Remote,
}

internal sealed class ProxySourceConfiguration : IEntityTypeConfiguration<ProxySource>
{
    public void Configure(EntityTypeBuilder<ProxySource> builder)
    {
        builder.ToTable("proxy_sources");
        builder.Property(s => s.Name).HasMaxLength(100);
        builder.Property(s => s.LastRefreshError).HasMaxLength(300);
        builder.Property(s => s.Version).IsConcurrencyToken();
        builder.HasIndex(s => s.Name).IsUnique();
        builder.HasIndex(s => s.RefreshDueAt);
    }
}
