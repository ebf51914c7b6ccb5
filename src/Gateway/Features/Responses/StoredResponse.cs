using AIHigress.Gateway.Features.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Features.Responses;

/// <summary>One kept response. Ids are only unique per user: a provider chooses those of the answers that it relays.</summary>
public sealed class StoredResponse
{
    public Guid UserId { get; set; }
    public required string Id { get; set; }

    /// <summary>The API key that asked.</summary>
    public Guid ApiKeyId { get; set; }

    /// <summary>Who answered; null while nobody has.</summary>
    public string? ProviderId { get; set; }
    public Guid? ProviderKeyId { get; set; }

    /// <summary>The provider knows the response under the same id: a follow-up may name it there.</summary>
    public bool IsNative { get; set; }
    public required string Model { get; set; }
    public ResponseState State { get; set; }
    public bool IsBackground { get; set; }

    /// <summary>Encrypted: everything that was said up to the answer, earlier turns included, so that no row needs another one.</summary>
    public required byte[] Input { get; set; }

    /// <summary>Encrypted: the items of the answer.</summary>
    public required byte[] Output { get; set; }

    /// <summary>Encrypted: the response object as the client gets it.</summary>
    public required byte[] Body { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>The process that runs it; null when nobody does (any more).</summary>
    public string? Owner { get; set; }

    /// <summary>When others may take the owner for dead.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>Its last event is stored: who follows it need not wait for more.</summary>
    public bool EventsComplete { get; set; }
}

/// <summary>Where a response stands.</summary>
public enum ResponseState
{
    Queued,
    InProgress,
    Completed,
    Incomplete,
    Failed,
    Cancelled,
}

internal sealed class StoredResponseConfiguration : IEntityTypeConfiguration<StoredResponse>
{
    public void Configure(EntityTypeBuilder<StoredResponse> builder)
    {
        builder.ToTable("responses");
        builder.HasKey(r => new { r.UserId, r.Id });
        builder.HasOne<User>().WithMany().HasForeignKey(r => r.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(r => r.ExpiresAt);
        builder.HasIndex(r => r.LeaseUntil).HasFilter("lease_until IS NOT NULL");
        builder.Property(r => r.Id).HasMaxLength(256);
    }
}
