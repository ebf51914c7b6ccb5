using System.Collections.Frozen;
using AIHigress.Gateway.Features.Identity.Budgets;

namespace AIHigress.Gateway.Features.Identity;

/// <summary>Who is behind an API key, as the data plane sees it: everything needed to admit or refuse, nothing else.</summary>
public sealed class ApiCaller
{
    public required Guid KeyId { get; init; }
    public required string KeyName { get; init; }

    /// <summary>Null for a declared key whose user does not exist yet; such a key is refused.</summary>
    public Guid? UserId { get; init; }
    public bool IsSuperuser { get; init; }
    public bool KeyDisabled { get; init; }
    public bool OwnerDisabled { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public FrozenSet<string> Scopes { get; init; } = FrozenSet<string>.Empty;

    /// <summary>Permission codes of a management key; its owner's bound them on each request.</summary>
    public FrozenSet<string> Permissions { get; init; } = FrozenSet<string>.Empty;

    /// <summary>Provider ids this key may use; empty = all that the user may use.</summary>
    public FrozenSet<string> AllowedProviders { get; init; } = FrozenSet<string>.Empty;

    /// <summary>Logical model ids, or prefixes ending in '*'; empty = all.</summary>
    public IReadOnlyList<string> AllowedModels { get; init; } = [];

    /// <summary>Of this key alone.</summary>
    public RequestLimits? Limits { get; init; }

    /// <summary>Of the user, over all of his keys; null = the default for users.</summary>
    public RequestLimits? UserLimits { get; init; }

    /// <summary>The group whose limits the user shares with its other members.</summary>
    public Guid? GroupId { get; init; }

    public RequestLimits? GroupLimits { get; init; }

    /// <summary>What the key may spend; null = as much as its user has.</summary>
    public KeyBudget? Budget { get; init; }

    /// <summary>When somebody last had the budget's period begin anew.</summary>
    public DateTimeOffset? BudgetResetAt { get; init; }

    public bool MayUseModel(string model)
    {
        if (AllowedModels.Count == 0)
        {
            return true;
        }

        foreach (var pattern in AllowedModels)
        {
            var matches = pattern.EndsWith('*')
                ? model.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal)
                : string.Equals(pattern, model, StringComparison.Ordinal);
            if (matches)
            {
                return true;
            }
        }

        return false;
    }

    public bool MayUseProvider(string providerId) => AllowedProviders.Count == 0 || AllowedProviders.Contains(providerId);
}
