using System.Collections.Frozen;
using AIHigress.Gateway.Features.Identity.Access;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AIHigress.Gateway.Features.Identity.Tokens;

/// <summary>An access token, the seconds it is good for, and what its user may do now.</summary>
internal sealed record IssuedToken(string Token, int ExpiresIn, FrozenSet<string> Permissions);

/// <summary>What the check of a token found: the user, or the error code that tells why there is none.</summary>
internal readonly record struct TokenCheck(CurrentUser? User, string? Code);

/// <summary>
/// Makes and checks access tokens (control-plane.md §2.2): ES256, half an hour, no permissions inside. The check reads
/// the identity snapshot alone, so a changed role, an ended session or a disabled user acts as soon as it swaps.
/// </summary>
internal sealed class AccessTokens(IdentityStates states, IOptionsMonitor<SignInOptions> options, TimeProvider time) : IAccessTokens
{
    public const string Unauthenticated = "unauthenticated";
    public const string Expired = "token_expired";
    public const string SessionEnded = "session_ended";

    private const string Name = "aihigress";
    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false, MapInboundClaims = false };

    /// <param name="user">Whose token it is; <c>SecurityVersion</c> goes into it.</param>
    /// <param name="session">The token does not outlive it.</param>
    /// <param name="authenticatedAt">When the password was given.</param>
    /// <param name="key">Signs.</param>
    public IssuedToken Issue(User user, Session session, DateTimeOffset authenticatedAt, TokenKey key)
    {
        var now = time.GetUtcNow();
        var expires = now.AddMinutes(options.CurrentValue.AccessTokenMinutes);
        expires = expires < session.ExpiresAt ? expires : session.ExpiresAt;
        var token = Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Name,
            Audience = Name,
            IssuedAt = now.UtcDateTime,
            Expires = expires.UtcDateTime,
            SigningCredentials = new SigningCredentials(key.Key, SecurityAlgorithms.EcdsaSha256),
            Claims = new Dictionary<string, object>
            {
                ["sub"] = user.Id.ToString(),
                ["sid"] = session.Id.ToString(),
                ["auth_time"] = authenticatedAt.ToUnixTimeSeconds(),
                ["amr"] = session.Methods.Split(' '),
                ["sv"] = user.SecurityVersion,
            },
        });
        var permissions = states.Current.Users.TryGetValue(user.Id, out var state) ? state.PermissionsAt(now) : FrozenSet<string>.Empty;
        return new IssuedToken(token, (int)(expires - now).TotalSeconds, permissions);
    }

    public CurrentUser? TryAuthenticate(string bearer) => Check(bearer).User;

    public TokenCheck Check(string bearer)
    {
        var state = states.Current;
        if (Read(bearer, state) is not { } token
            || !Guid.TryParse(token.Subject, out var userId)
            || !token.TryGetPayloadValue<string>("sid", out var sid) || !Guid.TryParse(sid, out var sessionId)
            || !token.TryGetPayloadValue<long>("auth_time", out var authenticatedAt)
            || !token.TryGetPayloadValue<int>("sv", out var securityVersion))
        {
            return new TokenCheck(null, Unauthenticated);
        }

        var now = time.GetUtcNow();
        if (token.ValidTo <= now.UtcDateTime)
        {
            return new TokenCheck(null, Expired);
        }

        if (state.EndedSessions.Contains(sessionId) || !state.Users.TryGetValue(userId, out var user) || !user.IsActive)
        {
            return new TokenCheck(null, SessionEnded);
        }

        // A token from before a change of password is worth a refresh, which knows whether the session lives on.
        // One that is newer than the snapshot was made by a replica that is ahead.
        if (securityVersion < user.SecurityVersion)
        {
            return new TokenCheck(null, Expired);
        }

        return new TokenCheck(
            new CurrentUser
            {
                Id = user.Id,
                Username = user.Username,
                IsSuperuser = user.IsSuperuser,
                Permissions = user.PermissionsAt(now),
                SessionId = sessionId,
                AuthenticatedAt = DateTimeOffset.FromUnixTimeSeconds(authenticatedAt),
            },
            null);
    }

    /// <summary>The token, when its signature, issuer and audience are ours. Its life is checked by our own clock afterwards.</summary>
    private static JsonWebToken? Read(string bearer, IdentityState state)
    {
        if (bearer.Length > 4096 || !Handler.CanReadToken(bearer))
        {
            return null;
        }

        var validation = Handler.ValidateTokenAsync(bearer, new TokenValidationParameters
        {
            ValidIssuer = Name,
            ValidAudience = Name,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            IssuerSigningKeyResolver = (_, _, kid, _) => kid is not null && state.TokenKeys.TryGetValue(kid, out var key) ? [key.Key] : [],
            TryAllIssuerSigningKeys = false,
            ValidateLifetime = false,
        });

        // The handler has nothing to wait for: keys come from memory. Were that to change, the token is refused rather than waited for.
        if (!validation.IsCompletedSuccessfully)
        {
            return null;
        }

#pragma warning disable VSTHRD002 // The task is complete, as the line above made sure; nothing is waited for.
        var result = validation.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
        return result.IsValid && result.SecurityToken is JsonWebToken { ValidTo.Ticks: > 0 } token ? token : null;
    }
}
