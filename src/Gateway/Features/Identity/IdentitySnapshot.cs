using System.Collections.Frozen;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Identity.Roles;
using AIHigress.Gateway.Features.Identity.Tokens;
using AIHigress.Gateway.Hosting.Snapshots;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Identity;

/// <summary>Loads users with their rights and groups, API keys, lately ended sessions and signing keys, and swaps them in together.</summary>
internal sealed class IdentitySnapshot(IdentityStates states, ApiKeySnapshots keys, SecretProtector protector, TimeProvider time) : ISnapshotSource
{
    // Nearly every key has this scope alone; a hundred thousand keys share one set.
    private static readonly FrozenSet<string> InferenceOnly = FrozenSet.Create(StringComparer.Ordinal, ApiKey.InferenceScope);

    public async Task<Action> PrepareAsync(GatewayDbContext db, long version, CancellationToken cancellationToken)
    {
        var users = await db.Users.AsNoTracking()
            .Where(u => u.DeletedAt == null)
            .Select(u => new UserRow(
                u.Id, u.Username, u.NormalizedEmail, u.IsActive, u.IsSuperuser, u.SecurityVersion, u.GroupId,
                u.Rpm, u.Tpm, u.Concurrency, u.TotpSeed != null))
            .ToListAsync(cancellationToken);
        var rights = await UserRights.ReadAsync(db, time.GetUtcNow(), cancellationToken);
        var groups = await db.Groups.AsNoTracking().ToListAsync(cancellationToken);
        var usable = time.GetUtcNow() - TokenKeyRing.VerifiesAfterwards;
        var ended = await db.Sessions.AsNoTracking()
            .Where(s => s.EndedAt > usable)
            .Select(s => s.Id)
            .ToListAsync(cancellationToken);
        var state = new IdentityState
        {
            Users = users.ToFrozenDictionary(u => u.Id, u => u.ToState(rights)),
            Groups = groups.ToFrozenDictionary(
                g => g.Id, g => new GroupState(g.Id, g.Limits, g.AllowedModels, g.AllowedProviderIds.ToFrozenSet(StringComparer.Ordinal)), StringComparer.Ordinal),
            EndedSessions = ended.ToFrozenSet(),
            TokenKeys = await ReadTokenKeysAsync(db, usable, cancellationToken),
        };
        var apiKeys = new ApiKeySnapshot(await ReadApiKeysAsync(db, users, cancellationToken));
        return () =>
        {
            states.Publish(state);
            keys.Publish(apiKeys);
        };
    }

    private async Task<FrozenDictionary<string, TokenKey>> ReadTokenKeysAsync(GatewayDbContext db, DateTimeOffset usable, CancellationToken cancellationToken)
    {
        var known = states.Current.TokenKeys;
        var rows = await db.SigningKeys.AsNoTracking().Where(k => k.NotAfter > usable).ToListAsync(cancellationToken);
        return rows
            .Select(row => known.GetValueOrDefault(row.Kid) ?? TokenKey.From(row.Kid, protector.Unprotect(row.PrivateKey), row.CreatedAt, row.NotAfter))
            .ToFrozenDictionary(key => key.Kid, StringComparer.Ordinal);
    }

    private static async Task<Dictionary<KeyDigest, ApiCaller>> ReadApiKeysAsync(
        GatewayDbContext db, List<UserRow> users, CancellationToken cancellationToken)
    {
        var byId = users.ToDictionary(u => u.Id);
        var byEmail = users.Where(u => u.NormalizedEmail is not null).ToDictionary(u => u.NormalizedEmail!, StringComparer.Ordinal);
        var callers = new Dictionary<KeyDigest, ApiCaller>();

        // One row at a time: all at once would be more memory than the callers made of them.
        var rows = db.ApiKeys.AsNoTracking().Where(k => k.Digest != null && k.DeletedAt == null).AsAsyncEnumerable();
        await foreach (var key in rows.WithCancellation(cancellationToken))
        {
            // A declared key waits for its user: once one has the e-mail, the key is theirs.
            var owner = key.UserId is { } id ? byId.GetValueOrDefault(id)
                : key.DeclaredUser is { } email ? byEmail.GetValueOrDefault(email.ToUpperInvariant())
                : null;
            callers.Add(new KeyDigest(key.Digest), Caller(key, owner));
        }

        return callers;
    }

    private static ApiCaller Caller(ApiKey key, UserRow? owner) => new()
    {
        KeyId = key.Id,
        KeyName = key.Name,
        UserId = owner?.Id ?? key.UserId,
        IsSuperuser = owner?.IsSuperuser ?? false,
        KeyDisabled = key.Status == ApiKeyStatus.Disabled,
        OwnerDisabled = owner is { IsActive: false } || (owner is null && key.UserId is not null),
        ExpiresAt = key.ExpiresAt,
        Scopes = key.Scopes is [ApiKey.InferenceScope] ? InferenceOnly : key.Scopes.ToFrozenSet(StringComparer.Ordinal),
        Permissions = key.Permissions.ToFrozenSet(StringComparer.Ordinal),
        AllowedProviders = key.AllowedProviderIds.ToFrozenSet(StringComparer.Ordinal),
        AllowedModels = key.AllowedModels,
        Limits = key.Limits,
        Budget = key.Budget,
        BudgetResetAt = key.BudgetResetAt,
    };

    private sealed record UserRow(
        Guid Id, string Username, string? NormalizedEmail, bool IsActive, bool IsSuperuser, int SecurityVersion, string GroupId,
        int? Rpm, long? Tpm, int? Concurrency, bool HasTwoFactor)
    {
        public UserState ToState(UserRights rights) => new(Id, Username, IsActive, IsSuperuser, SecurityVersion)
        {
            LastingPermissions = IsSuperuser ? Permissions.All : rights.LastingOf(Id),
            TimedPermissions = IsSuperuser ? [] : rights.TimedOf(Id),
            GroupId = GroupId,
            Limits = RequestLimits.Of(Rpm, Tpm, Concurrency),
            HasTwoFactor = HasTwoFactor,
        };
    }
}
