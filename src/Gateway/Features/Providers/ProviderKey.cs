using AIHigress.Gateway.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Features.Providers;

/// <summary>One credential of a provider. The secret is stored protected and shown to nobody; Hint is its last four characters.</summary>
public sealed class ProviderKey
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public required string ProviderId { get; set; }
    public required string Label { get; set; }
    public ProtectedSecret Secret { get; set; }

    /// <summary>SHA-256 of the secret: tells duplicates without opening it.</summary>
    public required byte[] Digest { get; set; }
    public required string Hint { get; set; }

    /// <summary>0 to 100 in steps of 0.1; 0 = only when nothing else is left.</summary>
    public double Weight { get; set; } = 1;
    public int? MaxQps { get; set; }

    /// <summary>Requests per minute.</summary>
    public int? Rpm { get; set; }

    /// <summary>Tokens per minute.</summary>
    public long? Tpm { get; set; }
    public int? MaxConcurrency { get; set; }
    public ProviderKeyStatus Status { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
}

public enum ProviderKeyStatus
{
    Active,
    Disabled,
    Invalid,
}

internal sealed class ProviderKeyConfiguration : IEntityTypeConfiguration<ProviderKey>
{
    public void Configure(EntityTypeBuilder<ProviderKey> builder)
    {
        builder.ToTable("provider_keys");
        builder.HasOne<Provider>().WithMany().HasForeignKey(k => k.ProviderId);
        builder.HasIndex(k => new { k.ProviderId, k.Label }).IsUnique();
        builder.HasIndex(k => new { k.ProviderId, k.Digest }).IsUnique();
    }
}
