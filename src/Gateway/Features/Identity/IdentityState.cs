using System.Collections.Frozen;
using AIHigress.Gateway.Features.Identity.Tokens;

namespace AIHigress.Gateway.Features.Identity;

/// <summary>All that the check of an access token or a management key needs, in memory; swapped whole.</summary>
internal sealed class IdentityState
{
    public static readonly IdentityState Empty = new();

    public FrozenDictionary<Guid, UserState> Users { get; init; } = FrozenDictionary<Guid, UserState>.Empty;

    /// <summary>Sessions that ended so lately that an access token of theirs may not have expired yet.</summary>
    public FrozenSet<Guid> EndedSessions { get; init; } = FrozenSet<Guid>.Empty;

    /// <summary>Keys that sign, or may have signed a token that is still good, by their id.</summary>
    public FrozenDictionary<string, TokenKey> TokenKeys { get; init; } = FrozenDictionary<string, TokenKey>.Empty;
}

/// <summary>What a request needs to know of a user. Deleted users are not in the state.</summary>
internal sealed record UserState(Guid Id, string Username, bool IsActive, bool IsSuperuser, int SecurityVersion)
{
    public FrozenSet<string> Permissions => IsSuperuser ? Access.Permissions.All : Access.Permissions.Member;
}

/// <summary>Holds the current state; readers take the reference once per request.</summary>
internal sealed class IdentityStates
{
    private volatile IdentityState _current = IdentityState.Empty;

    public IdentityState Current => _current;

    public void Publish(IdentityState state) => _current = state;
}
