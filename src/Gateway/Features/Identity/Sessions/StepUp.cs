using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Identity.Passwords;
using AIHigress.Gateway.Features.Identity.Tokens;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Identity.Sessions;

/// <summary>Asks a signed-in person for the password again, and tells by the access token that it was given.</summary>
internal sealed class StepUp(
    GatewayDbContext db,
    PasswordChecks passwords,
    AttemptLimiter limiter,
    FailedSignIns failures,
    TokenKeyRing keys,
    AccessTokens tokens,
    IOptionsMonitor<SignInOptions> options,
    TimeProvider time)
{
    public async Task<SignedIn> RunAsync(CurrentUser caller, string password, CancellationToken cancellationToken)
    {
        var sessionId = caller.DemandSession();
        var user = await CheckAsync(caller, password, cancellationToken) ?? throw Login.InvalidCredentials();
        var session = await db.Sessions.AsNoTracking().SingleOrDefaultAsync(s => s.Id == sessionId && s.EndedAt == null, cancellationToken)
            ?? throw Problems.Unauthenticated();
        var key = await keys.CurrentAsync(cancellationToken);
        return new SignedIn(user, session, tokens.Issue(user, session, time.GetUtcNow(), key), RefreshToken: "");
    }

    /// <summary>The caller's row when the password is right, else null. Guesses are counted per user, whoever has the token.</summary>
    /// <exception cref="ProblemException">429 too_many_attempts.</exception>
    public async Task<User?> CheckAsync(CurrentUser caller, string password, CancellationToken cancellationToken)
    {
        var limit = new AttemptLimit(options.CurrentValue.LoginMaxFailures, TimeSpan.FromMinutes(options.CurrentValue.LoginLockoutMinutes));
        var (attempt, wait) = limiter.Begin("password", caller.Id.ToString(), limit);
        if (attempt is null)
        {
            failures.Count("sign_in.refused", caller.Ip);
            throw Login.TooManyAttempts(wait);
        }

        using (attempt)
        {
            var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == caller.Id && u.IsActive && u.DeletedAt == null, cancellationToken);
            if (await passwords.VerifyAsync(user, password, cancellationToken) == PasswordVerificationResult.Failed)
            {
                attempt.Failed();
                failures.Count("sign_in.failed", caller.Ip);
                return null;
            }

            attempt.Succeeded();
            return user;
        }
    }
}
