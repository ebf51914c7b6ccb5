using AIHigress.Gateway.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Features.Notifications;

/// <summary>What leaves the server later, written in the transaction of the change that causes it.</summary>
public sealed class OutboxMessage
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public OutboxKind Kind { get; set; }

    /// <summary>The message as JSON; protected, because it may hold a link that works once.</summary>
    public ProtectedSecret Payload { get; set; }
    public int Attempts { get; set; }
    public DateTimeOffset DueAt { get; set; }
    public string? LastError { get; set; }
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Sent, or given up when <see cref="LastError"/> is set.</summary>
    public DateTimeOffset? DoneAt { get; set; }
}

public enum OutboxKind
{
    Email,
}

internal sealed class OutboxMessageConfiguration : IEntityTypeConfiguration<OutboxMessage>
{
    public void Configure(EntityTypeBuilder<OutboxMessage> builder)
    {
        builder.ToTable("outbox");
        builder.HasIndex(m => new { m.DoneAt, m.DueAt });
        builder.Property(m => m.LastError).HasMaxLength(500);
    }
}
