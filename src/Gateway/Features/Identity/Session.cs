using AIHigress.Gateway.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Features.Identity;

/// <summary>One sign-in on one device; its refresh tokens are counters under one secret (control-plane.md §2.2).</summary>
public sealed class Session
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid UserId { get; set; }
    public ProtectedSecret Secret { get; set; }
    public int Counter { get; set; }
    public DateTimeOffset RotatedAt { get; set; }
    public DateTimeOffset LastUsedAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public string? EndReason { get; set; }
    public string? DeviceName { get; set; }
    public string? UserAgent { get; set; }
    public string? Ip { get; set; }

    /// <summary>How the user showed who he is, as in the token's "amr": "pwd", "pwd otp", "ext".</summary>
    public string Methods { get; set; } = "pwd";

    /// <summary>The administrator who acts as the user, in a session that only reads.</summary>
    public Guid? ActorId { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
}

internal sealed class SessionConfiguration : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.ToTable("sessions");
        builder.HasOne<User>().WithMany().HasForeignKey(s => s.UserId);
        builder.HasIndex(s => new { s.UserId, s.EndedAt });
        builder.HasIndex(s => s.ExpiresAt);
        builder.Property(s => s.Methods).HasMaxLength(30).HasDefaultValue("pwd");
    }
}
