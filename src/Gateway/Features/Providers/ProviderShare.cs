using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Features.Providers;

/// <summary>A user whom the owner of a provider lets use it; counts while the provider's visibility is shared.</summary>
public sealed class ProviderShare
{
    public required string ProviderId { get; set; }
    public required Guid UserId { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
}

internal sealed class ProviderShareConfiguration : IEntityTypeConfiguration<ProviderShare>
{
    public void Configure(EntityTypeBuilder<ProviderShare> builder)
    {
        builder.ToTable("provider_shares");
        builder.HasKey(s => new { s.ProviderId, s.UserId });
        builder.HasOne<Provider>().WithMany().HasForeignKey(s => s.ProviderId);
        builder.HasOne<Identity.User>().WithMany().HasForeignKey(s => s.UserId);
        builder.HasIndex(s => s.UserId);
    }
}
