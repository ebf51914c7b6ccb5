using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Features.Identity;

/// <summary>A link that works once; only its SHA-256 is stored. Kind "setup" exists at most once.</summary>
public sealed class OneTimeToken
{
    public const string SetupKind = "setup";
    public const string VerifyKind = "verify";
    public const string ResetKind = "reset";
    public const string InviteKind = "invite";
    public const string EmailKind = "email";
    public const string ExportKind = "export";

    public Guid Id { get; set; } = Guid.CreateVersion7();
    public required string Kind { get; set; }
    public required byte[] Digest { get; set; }
    public Guid? UserId { get; set; }

    /// <summary>What the token is for, as JSON: an invitation's roles and group, the new address.</summary>
    public string? Data { get; set; }
    public Guid? CreatedBy { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
    public DateTimeOffset? UsedAt { get; set; }
}

internal sealed class OneTimeTokenConfiguration : IEntityTypeConfiguration<OneTimeToken>
{
    public void Configure(EntityTypeBuilder<OneTimeToken> builder)
    {
        builder.ToTable("one_time_tokens");
        builder.HasIndex(t => t.Digest).IsUnique();
        builder.HasIndex(t => new { t.UserId, t.Kind });
        builder.HasIndex(t => t.ExpiresAt);
        builder.HasIndex(t => t.Kind).IsUnique().HasFilter("kind = 'setup'");
    }
}
