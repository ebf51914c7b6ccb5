using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using AIHigress.Gateway.Features.Identity.Budgets;

namespace AIHigress.Gateway.Features.Identity.ApiKeys;

public sealed record CreateApiKey
{
    [Description("1 to 100 characters, unique among your keys.")]
    public required string Name { get; init; }

    [Description("inference (default): the AI endpoints. management: this API, by the permissions below; needs a recent sign-in.")]
    public IReadOnlyList<string>? Scopes { get; init; }

    [Description("With scope management: permission codes, each of which you must hold yourself.")]
    public IReadOnlyList<string>? Permissions { get; init; }

    [Description("When the key stops working; left out, never.")]
    public DateTimeOffset? ExpiresAt { get; init; }

    [Description("Provider ids the key may use; empty: all that you may use.")]
    public IReadOnlyList<string>? AllowedProviderIds { get; init; }

    [Description("Model ids, or prefixes ending in '*'; empty: all.")]
    public IReadOnlyList<string>? AllowedModels { get; init; }

    [Description("How much the key may use; left out, as much as its user may.")]
    public ApiKeyLimits? Limits { get; init; }

    [Description("What the key may spend in each period; left out, as much as its user has.")]
    public ApiKeyBudget? Budget { get; init; }

    [Description("The owner, when it is not you; needs keys.manage_all.")]
    public Guid? UserId { get; init; }
}

/// <summary>A merge patch: what is left out stays, null clears.</summary>
public sealed record UpdateApiKey
{
    public string? Name { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public IReadOnlyList<string>? AllowedProviderIds { get; init; }
    public IReadOnlyList<string>? AllowedModels { get; init; }
    public ApiKeyLimits? Limits { get; init; }
    public ApiKeyBudget? Budget { get; init; }
}

public sealed record EnableApiKey
{
    [Description("A new end, needed when the old one has passed.")]
    public DateTimeOffset? ExpiresAt { get; init; }
}

public enum ApiKeyState
{
    Active,
    Disabled,
    Expired,
}

public record ApiKeyView
{
    public required Guid Id { get; init; }

    [Description("Null for a declared key whose user does not exist yet.")]
    public Guid? UserId { get; init; }
    public required string Name { get; init; }

    [Description("The first characters of the token, to recognize it by.")]
    public required string Prefix { get; init; }
    public required IReadOnlyList<string> Scopes { get; init; }
    public required IReadOnlyList<string> Permissions { get; init; }
    public required IReadOnlyList<string> AllowedProviderIds { get; init; }
    public required IReadOnlyList<string> AllowedModels { get; init; }

    [Description("Null: no limits of the key's own.")]
    public ApiKeyLimits? Limits { get; init; }

    [Description("Null: no budget of the key's own.")]
    public ApiKeyBudgetView? Budget { get; init; }
    public required ApiKeyState Status { get; init; }

    [Description("user, admin or expired.")]
    public string? DisabledReason { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? LastUsedAt { get; init; }

    [Description("'configuration' when gateway.yaml declares the key; it can't be changed here then.")]
    public string? ManagedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    internal static ApiKeyView From(ApiKey key, DateTimeOffset now, BudgetBook budgets)
    {
        var expired = key.ExpiresAt <= now;
        return new ApiKeyView
        {
            Id = key.Id,
            UserId = key.UserId,
            Name = key.Name,
            Prefix = key.Prefix,
            Scopes = key.Scopes,
            Permissions = key.Permissions,
            AllowedProviderIds = key.AllowedProviderIds,
            AllowedModels = key.AllowedModels,
            Limits = ApiKeyLimits.From(key.Limits),
            Budget = key.Budget is { } budget
                ? new ApiKeyBudgetView
                {
                    AmountMicro = budget.AmountMicro,
                    Period = budget.Period,
                    SpentMicro = budgets.Spending(key.Id, budget, key.BudgetResetAt),
                    ResetsAt = budgets.ResetsAt(budget),
                }
                : null,
            Status = key.Status == ApiKeyStatus.Disabled ? ApiKeyState.Disabled : expired ? ApiKeyState.Expired : ApiKeyState.Active,
            DisabledReason = key.DisabledReason ?? (expired ? "expired" : null),
            ExpiresAt = key.ExpiresAt,
            LastUsedAt = key.LastUsedAt,
            ManagedBy = key.ManagedBy,
            CreatedAt = key.CreatedAt,
            UpdatedAt = key.UpdatedAt,
        };
    }
}

/// <summary>A new key; the only time its token is shown.</summary>
public sealed record CreatedApiKey : ApiKeyView
{
    [SetsRequiredMembers]
    internal CreatedApiKey(ApiKeyView view, string token, IReadOnlyList<string> warnings)
        : base(view)
    {
        Token = token;
        Warnings = warnings;
    }

    [Description("Send it as 'Authorization: Bearer …'. It is not shown again.")]
    public string Token { get; }

    [Description("What will have no effect today, such as a model that no provider has.")]
    public IReadOnlyList<string> Warnings { get; }
}
