using AIHigress.Gateway.Features.Identity.Access;

namespace AIHigress.Gateway.Features.Identity.Me;

/// <summary>A user as he sees himself.</summary>
public sealed record ProfileView
{
    public required Guid Id { get; init; }
    public required string Username { get; init; }
    public string? Email { get; init; }
    public string? DisplayName { get; init; }
    public string? Locale { get; init; }
    public string? Timezone { get; init; }
    public required bool IsSuperuser { get; init; }

    /// <summary>The group's id.</summary>
    public required string Group { get; init; }
    public required bool TwoFactorEnabled { get; init; }

    /// <summary>What this caller may do; for a management key, what the key may do.</summary>
    public required IReadOnlyList<string> Permissions { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    internal static ProfileView From(User user, CurrentUser caller) => From(user, caller.Permissions);

    internal static ProfileView From(User user, IEnumerable<string> permissions) => new()
    {
        Id = user.Id,
        Username = user.Username,
        Email = user.Email,
        DisplayName = user.DisplayName,
        Locale = user.Locale,
        Timezone = user.Timezone,
        IsSuperuser = user.IsSuperuser,
        Group = user.GroupId,
        TwoFactorEnabled = user.TotpSeed is not null,
        Permissions = [.. permissions.Order(StringComparer.Ordinal)],
        CreatedAt = user.CreatedAt,
    };
}
