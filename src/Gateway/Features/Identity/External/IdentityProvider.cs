using AIHigress.Gateway.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Features.Identity.External;

/// <summary>A service that people may sign in by: OpenID Connect or plain OAuth 2.</summary>
public sealed class IdentityProvider
{
    /// <summary>A slug; part of the callback's address.</summary>
    public required string Id { get; set; }
    public required string Name { get; set; }
    public string? Icon { get; set; }
    public IdentityProviderType Type { get; set; }
    public IdentityProviderPreset Preset { get; set; }
    public string? Issuer { get; set; }
    public string? AuthorizeUrl { get; set; }
    public string? TokenUrl { get; set; }
    public string? UserinfoUrl { get; set; }
    public required string ClientId { get; set; }
    public ProtectedSecret? ClientSecret { get; set; }
    public string[] Scopes { get; set; } = [];

    /// <summary>Our field (subject, email, email_verified, name, avatar) → the name of the provider's claim.</summary>
    public Dictionary<string, string> Claims { get; set; } = [];
    public bool AllowSignUp { get; set; }
    public bool AutoLinkVerifiedEmail { get; set; }

    /// <summary>Domains of e-mail addresses that may sign up or in; empty = all.</summary>
    public string[] AllowedDomains { get; set; } = [];
    public int? MinTrustLevel { get; set; }
    public string? RoleCode { get; set; }
    public bool Enabled { get; set; } = true;

    /// <summary>"configuration" when the environment or gateway.yaml declares it.</summary>
    public string? ManagedBy { get; set; }
    public int Version { get; set; } = 1;
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
}

public enum IdentityProviderType
{
    Oidc,
    Oauth2,
}

public enum IdentityProviderPreset
{
    Custom,
    Github,
    Google,
    Linuxdo,
}

/// <summary>A user's account at an identity provider; found by the provider's own subject, never by e-mail.</summary>
public sealed class ExternalLogin
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid UserId { get; set; }
    public required string ProviderId { get; set; }
    public required string Subject { get; set; }

    /// <summary>As the provider named the account when it was linked; to recognise it by.</summary>
    public string? Label { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset? LastUsedAt { get; set; }
}

internal sealed class ExternalConfiguration : IEntityTypeConfiguration<IdentityProvider>, IEntityTypeConfiguration<ExternalLogin>
{
    public void Configure(EntityTypeBuilder<IdentityProvider> builder)
    {
        builder.ToTable("identity_providers");
        builder.Property(p => p.Id).HasMaxLength(64);
        builder.Property(p => p.Name).HasMaxLength(100);
        builder.Property(p => p.Version).IsConcurrencyToken();
    }

    public void Configure(EntityTypeBuilder<ExternalLogin> builder)
    {
        builder.ToTable("external_logins");
        builder.HasOne<User>().WithMany().HasForeignKey(l => l.UserId);
        builder.HasOne<IdentityProvider>().WithMany().HasForeignKey(l => l.ProviderId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(l => new { l.ProviderId, l.Subject }).IsUnique();
        builder.HasIndex(l => l.UserId);
        builder.Property(l => l.Subject).HasMaxLength(255);
        builder.Property(l => l.Label).HasMaxLength(254);
    }
}
