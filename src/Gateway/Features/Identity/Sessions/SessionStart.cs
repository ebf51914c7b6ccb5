using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Identity.Sessions;

/// <summary>The device that signs in, as the list of sessions shows it.</summary>
internal sealed record Device(string? Name, string? UserAgent, string? Ip)
{
    private const int UserAgentLength = 300;

    public static Device Of(HttpContext context, string? name)
    {
        var agent = context.Request.Headers.UserAgent.ToString();
        return new Device(name, agent.Length == 0 ? null : agent[..Math.Min(agent.Length, UserAgentLength)], ClientAddress.Of(context));
    }
}

/// <summary>A session with its present tokens.</summary>
internal sealed record SignedIn(User User, Session Session, IssuedToken Access, string RefreshToken);

/// <summary>Begins a session for a user whose password was right, and ends the least recently used ones beyond the allowed number.</summary>
internal sealed class SessionStart(
    GatewayDbContext db,
    AuditWriter audit,
    ChangeFeed feed,
    SecretProtector protector,
    TokenKeyRing keys,
    AccessTokens tokens,
    IdentityStates states,
    SnapshotFollower follower,
    IOptionsMonitor<SignInOptions> options,
    TimeProvider time)
{
    /// <returns>Null when the user was disabled or got another password since it was read.</returns>
    public async Task<SignedIn?> RunAsync(User user, Device device, CancellationToken cancellationToken)
    {
        var key = await keys.CurrentAsync(cancellationToken);
        var now = time.GetUtcNow();
        var secret = RefreshToken.NewSecret();
        var session = new Session
        {
            UserId = user.Id,
            Secret = protector.Protect(secret),
            Counter = 1,
            CreatedAt = now,
            RotatedAt = now,
            LastUsedAt = now,
            ExpiresAt = Expiry(now, now),
            DeviceName = device.Name,
            UserAgent = device.UserAgent,
            Ip = device.Ip,
        };
        var othersEnded = false;
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            // Also the lock that makes sign-ins of one user wait for each other, so that their number stays bounded.
            var current = await db.Users
                .Where(u => u.Id == user.Id && u.IsActive && u.DeletedAt == null && u.SecurityVersion == user.SecurityVersion)
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.LastSeenAt, now), cancellationToken);
            if (current == 0)
            {
                return null;
            }

            db.Sessions.Add(session);
            await db.SaveChangesAsync(cancellationToken);
            var events = await EndBeyondMaximumAsync(user.Id, session.Id, now, cancellationToken);
            othersEnded = events.Count > 0;
            events.Insert(0, new AuditEvent("session.created", $"session:{session.Id}"));
            await audit.AppendAsync(db, new Actor(user.Id, user.Username, device.Ip), events, cancellationToken);

            // Snapshots hold no living sessions: a sign-in alone is no reason to load them all anew.
            if (othersEnded)
            {
                await ChangeFeed.RaiseAsync(db, cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }

        if (othersEnded)
        {
            feed.Signal();
        }

        // A user made on another replica, a moment ago, may not have arrived here.
        if (othersEnded || !states.Current.Users.ContainsKey(user.Id))
        {
            await follower.FollowAsync(cancellationToken);
        }

        return new SignedIn(user, session, tokens.Issue(user, session, now, key), RefreshToken.Make(session.Id, session.Counter, secret).ToString());
    }

    /// <summary>The end of a session that is used at <paramref name="now"/>: so many days of silence, but no more than so many in all.</summary>
    public DateTimeOffset Expiry(DateTimeOffset createdAt, DateTimeOffset now)
    {
        var silence = now.AddDays(options.CurrentValue.RefreshTokenDays);
        var inAll = createdAt.AddDays(options.CurrentValue.SessionMaxDays);
        return silence < inAll ? silence : inAll;
    }

    private async Task<List<AuditEvent>> EndBeyondMaximumAsync(Guid userId, Guid newSession, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var surplus = await db.Sessions
            .Where(s => s.UserId == userId && s.EndedAt == null && s.ExpiresAt > now && s.Id != newSession)
            .OrderByDescending(s => s.LastUsedAt).ThenByDescending(s => s.Id)
            .Skip(options.CurrentValue.MaxSessionsPerUser - 1)
            .Select(s => s.Id)
            .ToListAsync(cancellationToken);
        return surplus.Count == 0
            ? []
            : await SessionEnd.MarkAsync(db, s => surplus.Contains(s.Id), "replaced", now, cancellationToken);
    }
}
