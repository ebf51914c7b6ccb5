using AIHigress.Gateway.Common;
using AIHigress.Gateway.Features.Identity.Groups;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Features.Identity;

/// <summary>A person who signs in and owns keys. Deleting one leaves a tombstone: ledger and logs keep the id.</summary>
public sealed class User
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public required string Username { get; set; }
    public required string NormalizedUsername { get; set; }
    public string? Email { get; set; }
    public string? NormalizedEmail { get; set; }
    public string? DisplayName { get; set; }
    public string? PasswordHash { get; set; }
    public string SecurityStamp { get; set; } = "";

    /// <summary>Raised by a change of password, status or second factor; access tokens made before it are refused.</summary>
    public int SecurityVersion { get; set; }
    public bool IsActive { get; set; } = true;

    /// <summary>What an account waits for that has never been active; null once it was.</summary>
    public PendingStep? Pending { get; set; }
    public string? DisabledReason { get; set; }
    public bool IsSuperuser { get; set; }
    public string GroupId { get; set; } = UserGroup.DefaultId;
    public int? Rpm { get; set; }
    public long? Tpm { get; set; }
    public int? Concurrency { get; set; }

    /// <summary>Private providers this user may have; null = as many as the group or the server allows.</summary>
    public int? PrivateProviders { get; set; }

    /// <summary>Of administrators, about the user; never shown to him.</summary>
    public string? Notes { get; set; }
    public DateTimeOffset? EmailVerifiedAt { get; set; }

    /// <summary>File name below the folder of avatars.</summary>
    public string? Avatar { get; set; }

    /// <summary>Seed of the second factor in use.</summary>
    public ProtectedSecret? TotpSeed { get; set; }

    /// <summary>A seed that waits for its first code.</summary>
    public ProtectedSecret? TotpPending { get; set; }

    /// <summary>The last step whose code was taken; it and those before are refused.</summary>
    public long TotpStep { get; set; }
    public string? Locale { get; set; }
    public string? Timezone { get; set; }
    public DateTimeOffset? LastSeenAt { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
    public DateTimeOffset? DeletedAt { get; set; }

    internal RequestLimits? Limits
    {
        get => RequestLimits.Of(Rpm, Tpm, Concurrency);
        set => (Rpm, Tpm, Concurrency) = (value?.Rpm, value?.Tpm, value?.Concurrency);
    }
}

public enum PendingStep
{
    /// <summary>The user confirms his address.</summary>
    Email,

    /// <summary>An administrator lets him in.</summary>
    Activation,
}

internal sealed class UserConfiguration : IEntityTypeConfiguration<User>
{
    public void Configure(EntityTypeBuilder<User> builder)
    {
        builder.ToTable("users");
        builder.HasIndex(u => u.NormalizedUsername).IsUnique();
        builder.HasIndex(u => u.NormalizedEmail).IsUnique();
        builder.Property(u => u.Username).HasMaxLength(100);
        builder.Property(u => u.NormalizedUsername).HasMaxLength(100);
        builder.Property(u => u.Email).HasMaxLength(254);
        builder.Property(u => u.NormalizedEmail).HasMaxLength(254);
        builder.Property(u => u.GroupId).HasMaxLength(64).HasDefaultValue(UserGroup.DefaultId);
        builder.HasOne<UserGroup>().WithMany().HasForeignKey(u => u.GroupId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(u => u.CreatedAt);
        builder.HasIndex(u => u.LastSeenAt);
        builder.Ignore(u => u.Limits);
    }
}
