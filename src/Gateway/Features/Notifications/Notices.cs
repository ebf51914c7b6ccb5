using AIHigress.Gateway.Data;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Notifications;

/// <summary>Something to tell one user.</summary>
/// <param name="UserId">Who is told.</param>
/// <param name="Trigger">One of <see cref="NoticeTriggers"/>.</param>
/// <param name="Subject">What it is about: "api_key:0198…", "session:0198…".</param>
/// <param name="Params">What the texts speak of; no secrets.</param>
internal sealed record Notice(Guid UserId, string Trigger, string Subject, IReadOnlyDictionary<string, string>? Params = null);

/// <summary>Tells users what concerns them, within the transaction of the change that causes it.</summary>
internal sealed class Notices(TimeProvider time)
{
    /// <summary>Adds the notice, or raises the counter of the same one of this hour. The caller commits.</summary>
    public async Task TellAsync(GatewayDbContext db, Notice notice, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var hour = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero);
        var same = await db.Notifications.SingleOrDefaultAsync(
            n => n.UserId == notice.UserId && n.Trigger == notice.Trigger && n.Subject == notice.Subject && n.Hour == hour, cancellationToken);
        if (same is not null)
        {
            same.Count++;
            (same.UpdatedAt, same.ReadAt, same.DeletedAt) = (now, null, null);
        }
        else
        {
            db.Notifications.Add(new Notification
            {
                UserId = notice.UserId,
                Trigger = notice.Trigger,
                Subject = notice.Subject,
                Level = NoticeTriggers.LevelOf(notice.Trigger),
                Params = notice.Params is null ? [] : new Dictionary<string, string>(notice.Params),
                Hour = hour,
                CreatedAt = now,
                UpdatedAt = now,
            });
        }

        await db.SaveChangesAsync(cancellationToken);
    }
}
