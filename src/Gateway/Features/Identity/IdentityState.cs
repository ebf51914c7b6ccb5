using System.Collections.Frozen;
using AIHigress.Gateway.Features.Identity.Groups;
using AIHigress.Gateway.Features.Identity.Tokens;

namespace AIHigress.Gateway.Features.Identity;

/// <summary>All that the check of an access token or a management key needs, in memory; swapped whole.</summary>
internal sealed class IdentityState
{
    public static readonly IdentityState Empty = new();

    public FrozenDictionary<Guid, UserState> Users { get; init; } = FrozenDictionary<Guid, UserState>.Empty;

    public FrozenDictionary<string, GroupState> Groups { get; init; } = FrozenDictionary<string, GroupState>.Empty;

    /// <summary>Sessions that ended so lately that an access token of theirs may not have expired yet.</summary>
    public FrozenSet<Guid> EndedSessions { get; init; } = FrozenSet<Guid>.Empty;

    /// <summary>Keys that sign, or may have signed a token that is still good, by their id.</summary>
    public FrozenDictionary<string, TokenKey> TokenKeys { get; init; } = FrozenDictionary<string, TokenKey>.Empty;
}

/// <summary>What a request needs to know of a user. Deleted users are not in the state.</summary>
internal sealed record UserState(Guid Id, string Username, bool IsActive, bool IsSuperuser, int SecurityVersion)
{
    /// <summary>By roles, and by grants without an end; many users share one set. A superuser's has every code.</summary>
    public FrozenSet<string> LastingPermissions { get; init; } = FrozenSet<string>.Empty;

    /// <summary>Grants that end by themselves.</summary>
    public IReadOnlyList<(string Permission, DateTimeOffset Until)> TimedPermissions { get; init; } = [];
    public string GroupId { get; init; } = UserGroup.DefaultId;

    /// <summary>Of the user alone, over all of his keys.</summary>
    public RequestLimits? Limits { get; init; }
    public bool HasTwoFactor { get; init; }

    public FrozenSet<string> PermissionsAt(DateTimeOffset now)
    {
        if (TimedPermissions.Count == 0)
        {
            return LastingPermissions;
        }

        return LastingPermissions.Concat(TimedPermissions.Where(p => p.Until > now).Select(p => p.Permission)).ToFrozenSet(StringComparer.Ordinal);
    }
}

/// <summary>What a request needs to know of its user's group.</summary>
internal sealed record GroupState(string Id, RequestLimits? Limits, IReadOnlyList<string> AllowedModels, FrozenSet<string> AllowedProviders);

/// <summary>Holds the current state; readers take the reference once per request.</summary>
internal sealed class IdentityStates
{
    private volatile IdentityState _current = IdentityState.Empty;

    public IdentityState Current => _current;

    public void Publish(IdentityState state) => _current = state;
}
