using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Features.Responses;

/// <summary>Some events of a background response, in order and without a gap.</summary>
public sealed class StoredEvents
{
    public Guid UserId { get; set; }
    public required string ResponseId { get; set; }

    /// <summary>The sequence number of the first one.</summary>
    public long First { get; set; }

    /// <summary>The sequence number of the last one.</summary>
    public long Last { get; set; }

    /// <summary>Encrypted: the server-sent events one after the other.</summary>
    public required byte[] Events { get; set; }
}

internal sealed class StoredEventsConfiguration : IEntityTypeConfiguration<StoredEvents>
{
    public void Configure(EntityTypeBuilder<StoredEvents> builder)
    {
        builder.ToTable("response_events");
        builder.HasKey(e => new { e.UserId, e.ResponseId, e.First });
        builder.HasOne<StoredResponse>().WithMany().HasForeignKey(e => new { e.UserId, e.ResponseId }).OnDelete(DeleteBehavior.Cascade);
        builder.Property(e => e.ResponseId).HasMaxLength(256);
    }
}
