using AIHigress.Gateway.Features.Identity.Groups;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Features.Identity.Registration;

/// <summary>A time in which so many people may register. Whether it is open is computed, never stored.</summary>
public sealed class RegistrationWindow
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public DateTimeOffset StartsAt { get; set; }
    public DateTimeOffset EndsAt { get; set; }
    public int MaxRegistrations { get; set; }

    /// <summary>Raised by one guarded update in the transaction that creates the user.</summary>
    public int Used { get; set; }
    public RegistrationActivation Activation { get; set; }
    public string? GroupId { get; set; }
    public string? RoleCode { get; set; }
    public DateTimeOffset? ClosedAt { get; set; }
    public Guid? CreatedBy { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
}

public enum RegistrationActivation
{
    /// <summary>The account works at once.</summary>
    Auto,

    /// <summary>An administrator lets each account in.</summary>
    Manual,
}

internal sealed class RegistrationWindowConfiguration : IEntityTypeConfiguration<RegistrationWindow>
{
    public void Configure(EntityTypeBuilder<RegistrationWindow> builder)
    {
        builder.ToTable("registration_windows");
        builder.HasOne<UserGroup>().WithMany().HasForeignKey(w => w.GroupId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(w => new { w.StartsAt, w.EndsAt });
        builder.Property(w => w.RoleCode).HasMaxLength(64);
    }
}
