using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AIHigress.Gateway.Features.Notifications;

/// <summary>Something a user should know. One per trigger, subject and hour; repeats raise the counter.</summary>
public sealed class Notification
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid UserId { get; set; }

    /// <summary>"key.expiring"; the console's texts are keyed by it.</summary>
    public required string Trigger { get; set; }

    /// <summary>What it is about: "api_key:0198…".</summary>
    public required string Subject { get; set; }
    public NotificationLevel Level { get; set; }

    /// <summary>What the texts speak of: names, numbers, times.</summary>
    public Dictionary<string, string> Params { get; set; } = [];
    public int Count { get; set; } = 1;

    /// <summary>The hour of the first one, UTC.</summary>
    public DateTimeOffset Hour { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
    public DateTimeOffset? ReadAt { get; set; }
    public DateTimeOffset? DeletedAt { get; set; }
}

public enum NotificationLevel
{
    Info,
    Warning,
    Error,
}

internal sealed class NotificationConfiguration : IEntityTypeConfiguration<Notification>
{
    public void Configure(EntityTypeBuilder<Notification> builder)
    {
        builder.ToTable("notifications");
        builder.HasIndex(n => new { n.UserId, n.ReadAt, n.Id });
        builder.HasIndex(n => new { n.UserId, n.Trigger, n.Subject, n.Hour }).IsUnique();
        builder.Property(n => n.Trigger).HasMaxLength(60);
        builder.Property(n => n.Subject).HasMaxLength(200);
    }
}
