using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Features.Identity.Budgets;

/// <summary>What a key has spent in its budget's present period. No row: nothing is known to have been charged.</summary>
public sealed class ApiKeySpending
{
    public Guid ApiKeyId { get; set; }

    /// <summary>UTC microseconds since 1970.</summary>
    public long PeriodStart { get; set; }

    /// <summary>Millionths of a credit.</summary>
    public long SpentMicro { get; set; }
}

internal sealed class ApiKeySpendingConfiguration : IEntityTypeConfiguration<ApiKeySpending>
{
    public void Configure(EntityTypeBuilder<ApiKeySpending> builder)
    {
        builder.ToTable("api_key_spending");
        builder.HasKey(s => s.ApiKeyId);
        builder.HasOne<ApiKey>().WithOne().HasForeignKey<ApiKeySpending>(s => s.ApiKeyId).OnDelete(DeleteBehavior.Cascade);
    }
}
