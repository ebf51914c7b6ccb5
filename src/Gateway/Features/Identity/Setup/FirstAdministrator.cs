using System.Security.Cryptography;
using System.Text;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Passwords;
using AIHigress.Gateway.Features.Identity.Sessions;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Identity.Setup;

/// <summary>
/// Creates the first superuser with the token of the set-up link. The token's row is the one thing that two calls at
/// once fight for: who marks it as used creates the user in the same transaction, the other finds no set-up any more.
/// </summary>
internal sealed class FirstAdministrator(
    GatewayDbContext db,
    NewUsers newUsers,
    FirstUsers existing,
    ChangeWriter changes,
    ChangeFeed feed,
    SnapshotFollower follower,
    SessionStart sessions,
    AttemptLimiter limiter,
    IOptions<FirstUserOptions> options,
    TimeProvider time)
{
    private static readonly AttemptLimit Limit = new(5, TimeSpan.FromMinutes(15));

    public async Task<SignedIn> CreateAsync(SetupRequest request, HttpContext context, CancellationToken cancellationToken)
    {
        if (await existing.ExistAsync(cancellationToken))
        {
            throw Problems.NotFound();
        }

        var (attempt, wait) = limiter.Begin("setup", ClientAddress.LimitKey(context), Limit);
        if (attempt is null)
        {
            throw Login.TooManyAttempts(wait);
        }

        using (attempt)
        {
            var digest = SetupToken.Digest(request.Token);
            if (!await IsGoodAsync(digest, cancellationToken))
            {
                attempt.Failed();
                throw Problems.Field("token", "invalid_token", "is not the token of the last set-up link, or its 24 hours are over; make a new link with 'aihigress setup-link'");
            }

            var faults = new FieldErrors();
            var user = await newUsers.AddAsync(options.Value.Username, request.Email, request.Password, request.DisplayName, faults);
            if (faults.Any && await existing.ExistAsync(cancellationToken))
            {
                // Another call was faster, and has the name already.
                throw Problems.NotFound();
            }

            faults.ThrowIfAny();
            await StoreAsync(user!, digest, ClientAddress.Of(context), cancellationToken);
            await follower.FollowAsync(cancellationToken);
            return await sessions.RunAsync(user!, Device.Of(context, null), cancellationToken) ?? throw Problems.NotFound();
        }
    }

    private Task<bool> IsGoodAsync(byte[] digest, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return db.OneTimeTokens.AnyAsync(
            t => t.Kind == OneTimeToken.SetupKind && t.Digest == digest && t.UsedAt == null && t.ExpiresAt > now, cancellationToken);
    }

    private async Task StoreAsync(User user, byte[] digest, string? ip, CancellationToken cancellationToken)
    {
        user.IsSuperuser = true;
        var now = time.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var taken = await db.OneTimeTokens
            .Where(t => t.Kind == OneTimeToken.SetupKind && t.Digest == digest && t.UsedAt == null && t.ExpiresAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.UsedAt, now), cancellationToken);
        if (taken == 0 || await db.Users.AnyAsync(cancellationToken))
        {
            throw Problems.NotFound();
        }

        var diff = new AuditDiff().Add("email", null, user.Email).Add("is_superuser", false, true).Text;
        try
        {
            await changes.SaveAsync(db, new Actor(user.Id, user.Username, ip), [new AuditEvent("user.created", $"user:{user.Id}", diff)], cancellationToken);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // An unattended start on another replica made the same user a moment ago.
            throw Problems.NotFound();
        }

        await transaction.CommitAsync(cancellationToken);
        feed.Signal();
    }
}

/// <summary>The token of the set-up link: 32 random bytes, of which only the digest is stored.</summary>
internal static class SetupToken
{
    public static string Generate() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    public static byte[] Digest(string? token) => SHA256.HashData(Encoding.UTF8.GetBytes(token?.Trim() ?? ""));
}
