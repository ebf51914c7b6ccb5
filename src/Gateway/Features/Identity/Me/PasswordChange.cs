using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Identity.Passwords;
using AIHigress.Gateway.Features.Identity.Sessions;
using AIHigress.Gateway.Features.Identity.Tokens;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Identity.Me;

/// <summary>
/// A new password: the present one is asked for, every other session ends, and all access tokens from before are
/// refused, so the session that made the change gets a new one.
/// </summary>
internal sealed class PasswordChange(
    GatewayDbContext db,
    StepUp stepUp,
    PasswordChecks passwords,
    UserManager<User> users,
    IPasswordValidator<User> rules,
    ChangeWriter changes,
    ChangeFeed feed,
    SnapshotFollower follower,
    TokenKeyRing keys,
    AccessTokens tokens,
    TimeProvider time)
{
    public async Task<SignedIn> RunAsync(ChangePassword input, CurrentUser caller, CancellationToken cancellationToken)
    {
        var sessionId = caller.DemandSession();
        var user = await stepUp.CheckAsync(caller, input.CurrentPassword, cancellationToken)
            ?? throw Problems.Field("current_password", "invalid_credentials", "is not right");
        await CheckRulesAsync(user, input.NewPassword);
        var hash = await passwords.HashAsync(user, input.NewPassword, cancellationToken);
        var key = await keys.CurrentAsync(cancellationToken);
        var now = time.GetUtcNow();

        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            var version = user.SecurityVersion;
            var changed = await db.Users
                .Where(u => u.Id == user.Id && u.SecurityVersion == version && u.IsActive && u.DeletedAt == null)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(u => u.PasswordHash, hash)
                        .SetProperty(u => u.SecurityStamp, Guid.NewGuid().ToString("N"))
                        .SetProperty(u => u.SecurityVersion, version + 1)
                        .SetProperty(u => u.UpdatedAt, now),
                    cancellationToken);
            if (changed == 0)
            {
                throw Problems.Conflict("conflict", "The account was changed at the same moment; try again.");
            }

            var events = await SessionEnd.MarkAsync(
                db, s => s.UserId == user.Id && s.Id != sessionId, SessionEnd.PasswordChanged, now, cancellationToken);
            events.Insert(0, new AuditEvent("user.password_changed", $"user:{user.Id}", """{"password":"changed"}"""));
            await changes.SaveAsync(db, caller.Actor, events, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        feed.Signal();
        await follower.FollowAsync(cancellationToken);
        user.SecurityVersion++;
        var session = await db.Sessions.AsNoTracking().SingleAsync(s => s.Id == sessionId, cancellationToken);
        return new SignedIn(user, session, tokens.Issue(user, session, now, key), RefreshToken: "");
    }

    private async Task CheckRulesAsync(User user, string password)
    {
        var result = await rules.ValidateAsync(users, user, password);
        var faults = new FieldErrors();
        foreach (var error in result.Errors)
        {
            NewUsers.AddTo(faults, error, "new_password");
        }

        faults.ThrowIfAny();
    }
}
