using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Tokens;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Identity.Sessions;

/// <summary>
/// Exchanges a refresh token for new tokens (control-plane.md §2.2). Counter n yields n+1. For a short while after a
/// rotation n−1 yields the same successor again, so that parallel tabs and a lost reply sign nobody out; later an old
/// counter means that somebody else has the token, and the session ends.
/// </summary>
internal sealed class SessionRefresh(
    GatewayDbContext db,
    SecretProtector protector,
    TokenKeyRing keys,
    AccessTokens tokens,
    SessionStart start,
    SessionEnd end,
    IOptionsMonitor<SignInOptions> options,
    TimeProvider time)
{
    /// <exception cref="ProblemException">401 unauthenticated for no token of ours, session_ended for one that is over.</exception>
    public async Task<SignedIn> RunAsync(string? text, string? ip, CancellationToken cancellationToken)
    {
        if (RefreshToken.Parse(text) is not { } token || await FindAsync(token.SessionId, cancellationToken) is not { } found)
        {
            throw NoToken();
        }

        var secret = protector.Unprotect(found.Session.Secret);
        if (!token.IsGenuine(secret))
        {
            throw NoToken();
        }

        var session = await TakeTurnAsync(token, found.Session, cancellationToken) ?? await ReadAsync(token.SessionId, cancellationToken);
        if (!IsAlive(session, found.User))
        {
            throw Ended();
        }

        if (!IsSuccessor(session, token))
        {
            var actor = new Actor(found.User.Id, found.User.Username, ip);
            await end.RunAsync(s => s.Id == session.Id, SessionEnd.Reused, actor, cancellationToken);
            throw Ended();
        }

        var key = await keys.CurrentAsync(cancellationToken);
        return new SignedIn(
            found.User, session, tokens.Issue(found.User, session, session.CreatedAt, key),
            RefreshToken.Make(session.Id, session.Counter, secret).ToString());
    }

    /// <summary>Moves the counter on; null when the token is not the last one, or somebody else was faster.</summary>
    private async Task<Session?> TakeTurnAsync(RefreshToken token, Session session, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var expires = start.Expiry(session.CreatedAt, now);
        var moved = await db.Sessions
            .Where(s => s.Id == session.Id && s.Counter == token.Counter && s.EndedAt == null && s.ExpiresAt > now)
            .ExecuteUpdateAsync(
                set => set.SetProperty(s => s.Counter, token.Counter + 1)
                    .SetProperty(s => s.RotatedAt, now)
                    .SetProperty(s => s.LastUsedAt, now)
                    .SetProperty(s => s.ExpiresAt, expires),
                cancellationToken);
        if (moved == 0)
        {
            return null;
        }

        // Not read back: the next rotation may have happened already, and this answer is about this one.
        (session.Counter, session.RotatedAt, session.LastUsedAt, session.ExpiresAt) = (token.Counter + 1, now, now, expires);
        return session;
    }

    /// <summary>True when the session's counter is the one this token yields, and that for no longer than the grace.</summary>
    private bool IsSuccessor(Session session, RefreshToken token) =>
        session.Counter == token.Counter + 1
        && time.GetUtcNow() - session.RotatedAt <= TimeSpan.FromSeconds(options.CurrentValue.RefreshGraceSeconds);

    private Task<Session> ReadAsync(Guid sessionId, CancellationToken cancellationToken) =>
        db.Sessions.AsNoTracking().SingleAsync(s => s.Id == sessionId, cancellationToken);

    private bool IsAlive(Session session, User user) =>
        session.EndedAt is null && session.ExpiresAt > time.GetUtcNow() && user is { IsActive: true, DeletedAt: null };

    private async Task<Found?> FindAsync(Guid sessionId, CancellationToken cancellationToken) =>
        await (from session in db.Sessions.AsNoTracking()
               join user in db.Users.AsNoTracking() on session.UserId equals user.Id
               where session.Id == sessionId
               select new Found(session, user)).SingleOrDefaultAsync(cancellationToken);

    private static ProblemException NoToken() =>
        new(StatusCodes.Status401Unauthorized, AccessTokens.Unauthenticated, "There is no usable refresh token; sign in.");

    private static ProblemException Ended() =>
        new(StatusCodes.Status401Unauthorized, AccessTokens.SessionEnded, "The session is over; sign in again.");

    private sealed record Found(Session Session, User User);
}
