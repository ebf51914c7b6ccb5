using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Features.Identity.Roles;

/// <summary>A named set of permissions. Those that come with the server may be edited, not deleted.</summary>
public sealed class Role
{
    /// <summary>Always holds every permission, whatever is stored.</summary>
    public const string Administrator = "administrator";

    /// <summary>What users get unless <c>DEFAULT_ROLE</c> says otherwise.</summary>
    public const string Member = "member";

    /// <summary>A slug; the role's id.</summary>
    public required string Code { get; set; }
    public required string Name { get; set; }
    public string? Description { get; set; }
    public bool IsSeeded { get; set; }
    public int Version { get; set; } = 1;
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
}

public sealed class RolePermission
{
    public required string RoleCode { get; set; }
    public required string Permission { get; set; }
}

public sealed class UserRole
{
    public Guid UserId { get; set; }
    public required string RoleCode { get; set; }
}

/// <summary>A permission given to one user beside his roles; inert once it has expired.</summary>
public sealed class UserGrant
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid UserId { get; set; }
    public required string Permission { get; set; }
    public DateTimeOffset? ExpiresAt { get; set; }
    public string? Note { get; set; }
    public Guid? GrantedBy { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
}

internal sealed class RoleConfiguration :
    IEntityTypeConfiguration<Role>, IEntityTypeConfiguration<RolePermission>, IEntityTypeConfiguration<UserRole>, IEntityTypeConfiguration<UserGrant>
{
    private const int CodeLength = 64;

    public void Configure(EntityTypeBuilder<Role> builder)
    {
        builder.ToTable("roles");
        builder.HasKey(r => r.Code);
        builder.Property(r => r.Code).HasMaxLength(CodeLength);
        builder.Property(r => r.Name).HasMaxLength(100);
        builder.Property(r => r.Description).HasMaxLength(500);
        builder.Property(r => r.Version).IsConcurrencyToken();
    }

    public void Configure(EntityTypeBuilder<RolePermission> builder)
    {
        builder.ToTable("role_permissions");
        builder.HasKey(p => new { p.RoleCode, p.Permission });
        builder.HasOne<Role>().WithMany().HasForeignKey(p => p.RoleCode);
        builder.Property(p => p.Permission).HasMaxLength(CodeLength);
    }

    public void Configure(EntityTypeBuilder<UserRole> builder)
    {
        builder.ToTable("user_roles");
        builder.HasKey(r => new { r.UserId, r.RoleCode });
        builder.HasOne<User>().WithMany().HasForeignKey(r => r.UserId);
        builder.HasOne<Role>().WithMany().HasForeignKey(r => r.RoleCode).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<UserGrant> builder)
    {
        builder.ToTable("user_grants");
        builder.HasOne<User>().WithMany().HasForeignKey(g => g.UserId);
        builder.HasIndex(g => new { g.UserId, g.Permission }).IsUnique();
        builder.HasIndex(g => g.ExpiresAt);
        builder.Property(g => g.Permission).HasMaxLength(CodeLength);
        builder.Property(g => g.Note).HasMaxLength(500);
    }
}
