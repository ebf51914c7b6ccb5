using AIHigress.Gateway.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Features.Identity;

/// <summary>A key that signs access tokens (ES256); the private part is stored protected.</summary>
public sealed class SigningKey
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public required string Kid { get; set; }
    public ProtectedSecret PrivateKey { get; set; }
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Signs until then; verifies until the last token it signed has expired.</summary>
    public DateTimeOffset NotAfter { get; set; }
}

internal sealed class SigningKeyConfiguration : IEntityTypeConfiguration<SigningKey>
{
    public void Configure(EntityTypeBuilder<SigningKey> builder)
    {
        builder.ToTable("signing_keys");
        builder.HasIndex(k => k.Kid).IsUnique();
    }
}
