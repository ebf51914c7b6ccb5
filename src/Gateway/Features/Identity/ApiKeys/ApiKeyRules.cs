using AIHigress.Gateway.Common;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Identity.ApiKeys;

/// <summary>What the fields of a key may be, and that no key makes or changes one that can do more than itself.</summary>
internal sealed class ApiKeyRules(IOptionsMonitor<ApiKeyOptions> options, IEnumerable<IKeyTargets> targets, TimeProvider time)
{
    private const int ListLength = 200;
    private const int ItemLength = 200;
    private static readonly string[] KnownScopes = [ApiKey.InferenceScope, ApiKey.ManagementScope];

    /// <summary>A time as the API shows it: UTC, to the millisecond. Finer ones would compare unequal once they were stored.</summary>
    public static DateTimeOffset? Stored(DateTimeOffset? time) =>
        time is { } given ? DateTimeOffset.FromUnixTimeMilliseconds(given.ToUnixTimeMilliseconds()) : null;

    public void CheckName(string? name, FieldErrors faults)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            faults.Required("name");
        }

        faults.Text("name", name, 1, 100);
    }

    public void CheckScopes(IReadOnlyList<string> scopes, FieldErrors faults)
    {
        if (scopes.Count == 0 || scopes.Except(KnownScopes).Any())
        {
            faults.Add("scopes", "not_allowed", $"must be made of {string.Join(", ", KnownScopes)}",
                new Dictionary<string, object?> { ["allowed"] = KnownScopes });
        }
    }

    /// <summary>A code must exist, belong to a management key, and be held by who gives it.</summary>
    public void CheckPermissions(IReadOnlyList<string> permissions, IReadOnlyList<string> scopes, CurrentUser caller, FieldErrors faults)
    {
        if (permissions.Count > 0 && !scopes.Contains(ApiKey.ManagementScope))
        {
            faults.Add("permissions", "not_allowed", "are for keys with the scope 'management'");
        }

        for (var i = 0; i < permissions.Count; i++)
        {
            if (!Permissions.All.Contains(permissions[i]))
            {
                faults.Add($"permissions[{i}]", "unknown", "is no permission code");
            }
            else if (!caller.Has(permissions[i]))
            {
                faults.Add($"permissions[{i}]", "not_held", "is a permission that you don't hold yourself");
            }
        }
    }

    public void CheckExpiry(DateTimeOffset? expiresAt, FieldErrors faults)
    {
        var now = time.GetUtcNow();
        var most = options.CurrentValue.MaxLifetimeDays;
        if (expiresAt <= now)
        {
            faults.Add("expires_at", "not_in_future", "must be in the future");
        }
        else if (most > 0 && (expiresAt is null || expiresAt > now.AddDays(most)))
        {
            faults.Add("expires_at", "out_of_range", $"must be at most {most} days from now",
                new Dictionary<string, object?> { ["max_days"] = most });
        }
    }

    public void CheckLists(IReadOnlyList<string> providerIds, IReadOnlyList<string> models, FieldErrors faults)
    {
        CheckList("allowed_provider_ids", providerIds, item => Slug.IsValid(item), Slug.Rule, faults);
        CheckList(
            "allowed_models", models,
            item => item.Length is > 0 and <= ItemLength && item.IndexOf('*', StringComparison.Ordinal) is var star && (star < 0 || star == item.Length - 1)
                && !item.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)),
            $"must be a model id or a prefix ending in '*', of at most {ItemLength} characters", faults);
    }

    public static void CheckLimits(ApiKeyLimits? limits, ApiKeyBudget? budget, FieldErrors faults)
    {
        faults.Range("limits.rpm", limits?.Rpm, 1, RequestLimits.Most);
        faults.Range("limits.tpm", limits?.Tpm, 1, RequestLimits.MostTokens);
        faults.Range("limits.concurrency", limits?.Concurrency, 1, RequestLimits.Most);
        faults.Range("budget.amount_micro", budget?.AmountMicro, 0, 1e18);
        if (budget is not null && !Enum.IsDefined(budget.Period))
        {
            faults.Add("budget.period", "not_allowed", "must be one of day, week, month, total");
        }
    }

    /// <summary>Names what is not there today.</summary>
    public List<string> Warnings(Guid owner, IReadOnlyList<string> providerIds, IReadOnlyList<string> models)
    {
        var warnings = new List<string>();
        foreach (var target in targets)
        {
            warnings.AddRange(providerIds.Where(id => !target.HasProvider(owner, id)).Select(id => $"There is no provider '{id}' now."));
            warnings.AddRange(models.Where(model => !target.HasModel(owner, model)).Select(model => $"No model matches '{model}' now."));
        }

        return warnings;
    }

    /// <summary>A restricted key that manages keys can't free them, or itself, from its own restrictions.</summary>
    /// <exception cref="ProblemException">403 forbidden.</exception>
    public static void DemandWithin(ApiCaller? caller, ApiKey key)
    {
        if (caller is null)
        {
            return;
        }

        var providers = caller.AllowedProviders.Count == 0
            || (key.AllowedProviderIds.Length > 0 && key.AllowedProviderIds.All(caller.AllowedProviders.Contains));
        var models = caller.AllowedModels.Count == 0
            || (key.AllowedModels.Length > 0 && key.AllowedModels.All(pattern => caller.AllowedModels.Contains(pattern) || (!pattern.EndsWith('*') && caller.MayUseModel(pattern))));
        var life = caller.ExpiresAt is null || key.ExpiresAt <= caller.ExpiresAt;
        var use = RequestLimits.IsWithin(key.Limits, caller.Limits)
            && (caller.Budget is not { } budget || (key.Budget?.Period == budget.Period && key.Budget.AmountMicro <= budget.AmountMicro));
        if (!providers || !models || !life || !use)
        {
            throw new ProblemException(StatusCodes.Status403Forbidden, "forbidden",
                "The API key of this request is restricted in providers, models, time or use; it can't make or change a key beyond that.");
        }
    }

    private static void CheckList(string path, IReadOnlyList<string> items, Func<string, bool> isValid, string rule, FieldErrors faults)
    {
        if (items.Count > ListLength)
        {
            faults.Add(path, "too_many", $"must have at most {ListLength} entries", new Dictionary<string, object?> { ["max"] = ListLength });
        }

        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is not { } item || !isValid(item))
            {
                faults.Add($"{path}[{i}]", "invalid", rule);
            }
        }
    }
}
