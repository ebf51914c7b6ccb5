using System.Security.Cryptography;
using AIHigress.Gateway.Data;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Identity.Tokens;

/// <summary>
/// Hands out the key that signs. The first is made on first use; a successor is made a day before the old one stops
/// signing, and signs a minute later, when every replica knows it.
/// </summary>
internal sealed class TokenKeyRing(
    IdentityStates states, IServiceScopeFactory scopes, SecretProtector protector, ChangeWriter changes, SnapshotFollower follower, TimeProvider time) : IDisposable
{
    /// <summary>A token lives at most two hours, so an old key is of no use after that.</summary>
    public static readonly TimeSpan VerifiesAfterwards = TimeSpan.FromHours(2);

    private static readonly TimeSpan Life = TimeSpan.FromDays(90);
    private static readonly TimeSpan MadeAhead = TimeSpan.FromDays(1);
    private static readonly TimeSpan SpreadTime = TimeSpan.FromMinutes(1);
    private readonly SemaphoreSlim _turn = new(1, 1);

    public async ValueTask<TokenKey> CurrentAsync(CancellationToken cancellationToken)
    {
        if (Signer() is { } signer && !IsDue())
        {
            return signer;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (IsDue())
            {
                await MakeAsync(cancellationToken);
            }

            return Signer() ?? throw new InvalidOperationException("The signing key was stored but is not in the snapshot.");
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>The newest key that every replica knows; a younger one only when there is no other.</summary>
    private TokenKey? Signer()
    {
        var now = time.GetUtcNow();
        return states.Current.TokenKeys.Values
            .Where(k => k.NotAfter > now)
            .OrderByDescending(k => now - k.CreatedAt >= SpreadTime)
            .ThenByDescending(k => k.CreatedAt)
            .FirstOrDefault();
    }

    private bool IsDue() => !states.Current.TokenKeys.Values.Any(k => k.NotAfter - MadeAhead > time.GetUtcNow());

    private async Task MakeAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDbContext>();
        var now = time.GetUtcNow();
        var key = new SigningKey
        {
            Kid = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)),
            PrivateKey = protector.Protect(TokenKey.Generate()),
            CreatedAt = now,
            NotAfter = now + Life,
        };
        var useless = now - VerifiesAfterwards;
        db.SigningKeys.RemoveRange(await db.SigningKeys.Where(k => k.NotAfter < useless).ToListAsync(cancellationToken));
        db.SigningKeys.Add(key);
        await changes.SaveAsync(db, new Actor(null, "signing keys"), [new AuditEvent("signing_key.created", $"signing_key:{key.Kid}")], cancellationToken);
        await follower.FollowAsync(cancellationToken);
    }
}
