using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Features.Identity.Groups;

/// <summary>Users who share limits, models and a price multiplier. Every user is in exactly one.</summary>
public sealed class UserGroup
{
    /// <summary>Where users are who were not put elsewhere; it can't be deleted.</summary>
    public const string DefaultId = "default";

    /// <summary>A multiplier of 1.</summary>
    public const int One = 10_000;

    /// <summary>A slug.</summary>
    public required string Id { get; set; }
    public required string Name { get; set; }

    /// <summary>What charges are multiplied by, in ten-thousandths: 10,000 = 1.</summary>
    public int MultiplierBp { get; set; } = One;
    public int? Rpm { get; set; }
    public long? Tpm { get; set; }
    public int? Concurrency { get; set; }

    /// <summary>Private providers that each member may have; null = the server's default.</summary>
    public int? PrivateProviders { get; set; }

    /// <summary>Model ids, or prefixes ending in '*'; empty = all.</summary>
    public string[] AllowedModels { get; set; } = [];

    /// <summary>Provider ids; empty = all.</summary>
    public string[] AllowedProviderIds { get; set; } = [];

    /// <summary>Given to each member every month, in millionths of a credit.</summary>
    public long? MonthlyGrantMicro { get; set; }
    public int Version { get; set; } = 1;
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>What all members together may use.</summary>
    internal RequestLimits? Limits
    {
        get => RequestLimits.Of(Rpm, Tpm, Concurrency);
        set => (Rpm, Tpm, Concurrency) = (value?.Rpm, value?.Tpm, value?.Concurrency);
    }
}

internal sealed class UserGroupConfiguration : IEntityTypeConfiguration<UserGroup>
{
    public void Configure(EntityTypeBuilder<UserGroup> builder)
    {
        builder.ToTable("groups");
        builder.Property(g => g.Id).HasMaxLength(64);
        builder.Property(g => g.Name).HasMaxLength(100);
        builder.Property(g => g.Version).IsConcurrencyToken();
        builder.Ignore(g => g.Limits);

        // In the migration, because users of earlier versions must be in it.
        builder.HasData(new UserGroup
        {
            Id = UserGroup.DefaultId,
            Name = "Default",
            CreatedAt = DateTimeOffset.UnixEpoch,
            UpdatedAt = DateTimeOffset.UnixEpoch,
        });
    }
}
