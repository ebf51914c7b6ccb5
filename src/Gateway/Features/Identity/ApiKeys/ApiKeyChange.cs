using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Identity.Budgets;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Identity.ApiKeys;

/// <summary>Everything that happens to a key after it was made. Each change acts before its answer is sent.</summary>
internal sealed class ApiKeyChange(
    GatewayDbContext db, ChangeWriter changes, SnapshotFollower follower, ApiKeyRules rules, BudgetBook budgets, TimeProvider time)
{
    private const string ByOwner = "user";
    private const string ByAdministrator = "admin";

    /// <summary>The key, when the caller may see it.</summary>
    /// <exception cref="ProblemException">404 not_found, for another's key as for none.</exception>
    private async Task<ApiKey> FindAsync(Guid id, CurrentUser caller, CancellationToken cancellationToken)
    {
        var key = await db.ApiKeys.SingleOrDefaultAsync(k => k.Id == id && k.DeletedAt == null, cancellationToken);
        var visible = key is not null && (key.UserId == caller.Id || caller.Has(Permissions.KeysReadAll) || caller.Has(Permissions.KeysManageAll));
        return visible ? key! : throw Problems.NotFound();
    }

    public async Task<ApiKeyView> GetAsync(Guid id, CurrentUser caller, CancellationToken cancellationToken) =>
        ApiKeyView.From(await FindAsync(id, caller, cancellationToken), time.GetUtcNow(), budgets);

    public async Task<ApiKeyView> UpdateAsync(Guid id, PatchOf<UpdateApiKey> patch, CurrentUser caller, CancellationToken cancellationToken)
    {
        var key = await FindToChangeAsync(id, caller, cancellationToken);
        var current = new UpdateApiKey
        {
            Name = key.Name,
            ExpiresAt = key.ExpiresAt,
            AllowedProviderIds = key.AllowedProviderIds,
            AllowedModels = key.AllowedModels,
            Limits = ApiKeyLimits.From(key.Limits),
            Budget = ApiKeyBudget.From(key.Budget),
        };
        var wanted = patch.ApplyTo(current);
        var name = wanted.Name?.Trim();
        string[] providers = [.. (wanted.AllowedProviderIds ?? []).Distinct()];
        string[] models = [.. (wanted.AllowedModels ?? []).Distinct()];
        var expiresAt = ApiKeyRules.Stored(wanted.ExpiresAt);

        var faults = new FieldErrors();
        rules.CheckName(name, faults);
        rules.CheckLists(providers, models, faults);
        ApiKeyRules.CheckLimits(wanted.Limits, wanted.Budget, faults);
        if (expiresAt != key.ExpiresAt)
        {
            rules.CheckExpiry(expiresAt, faults);
        }

        faults.ThrowIfAny();
        var (limits, budget) = (wanted.Limits?.ToLimits(), wanted.Budget?.ToBudget());
        var diff = new AuditDiff()
            .Add("name", key.Name, name)
            .Add("expires_at", key.ExpiresAt, expiresAt)
            .Add("allowed_provider_ids", key.AllowedProviderIds, providers)
            .Add("allowed_models", key.AllowedModels, models)
            .Add("limits", key.Limits, limits)
            .Add("budget", key.Budget, budget);
        (key.Name, key.ExpiresAt, key.AllowedProviderIds, key.AllowedModels, key.Limits, key.Budget) = (name!, expiresAt, providers, models, limits, budget);
        ApiKeyRules.DemandWithin(caller.Key, key);
        return await SaveAsync(key, "api_key.updated", diff, caller, cancellationToken);
    }

    public async Task DeleteAsync(Guid id, CurrentUser caller, CancellationToken cancellationToken)
    {
        var key = await FindToChangeAsync(id, caller, cancellationToken);
        key.Digest = null;
        key.DeletedAt = time.GetUtcNow();
        await SaveAsync(key, "api_key.deleted", new AuditDiff().Add("name", key.Name, null), caller, cancellationToken);
    }

    public async Task<ApiKeyView> DisableAsync(Guid id, CurrentUser caller, CancellationToken cancellationToken)
    {
        var key = await FindToChangeAsync(id, caller, cancellationToken);
        var diff = new AuditDiff().Add("status", key.Status.ToString(), nameof(ApiKeyStatus.Disabled));
        if (key.Status != ApiKeyStatus.Disabled)
        {
            key.Status = ApiKeyStatus.Disabled;
            key.DisabledReason = key.UserId == caller.Id ? ByOwner : ByAdministrator;
        }

        return await SaveAsync(key, "api_key.disabled", diff, caller, cancellationToken);
    }

    public async Task<ApiKeyView> EnableAsync(Guid id, EnableApiKey? input, CurrentUser caller, CancellationToken cancellationToken)
    {
        var key = await FindToChangeAsync(id, caller, cancellationToken);
        var expiresAt = ApiKeyRules.Stored(input?.ExpiresAt) ?? key.ExpiresAt;
        var faults = new FieldErrors();
        if (expiresAt != key.ExpiresAt || expiresAt <= time.GetUtcNow())
        {
            rules.CheckExpiry(expiresAt, faults);
        }

        faults.ThrowIfAny();
        var diff = new AuditDiff()
            .Add("status", key.Status.ToString(), nameof(ApiKeyStatus.Active))
            .Add("expires_at", key.ExpiresAt, expiresAt);
        (key.Status, key.DisabledReason, key.ExpiresAt) = (ApiKeyStatus.Active, null, expiresAt);
        ApiKeyRules.DemandWithin(caller.Key, key);
        return await SaveAsync(key, "api_key.enabled", diff, caller, cancellationToken);
    }

    /// <summary>The period of the budget begins anew, also of a key that gateway.yaml declares: what was spent is no declaration.</summary>
    public async Task<ApiKeyView> ResetBudgetAsync(Guid id, CurrentUser caller, CancellationToken cancellationToken)
    {
        var key = await db.ApiKeys.SingleOrDefaultAsync(k => k.Id == id && k.DeletedAt == null, cancellationToken) ?? throw Problems.NotFound();
        if (key.Budget is null)
        {
            throw Problems.Conflict("no_budget", "This API key has no budget.");
        }

        var now = ApiKeyRules.Stored(time.GetUtcNow());
        var diff = new AuditDiff().Add("budget_reset_at", key.BudgetResetAt, now);
        key.BudgetResetAt = now;
        return await SaveAsync(key, "api_key.budget_reset", diff, caller, cancellationToken);
    }

    private async Task<ApiKey> FindToChangeAsync(Guid id, CurrentUser caller, CancellationToken cancellationToken)
    {
        var key = await FindAsync(id, caller, cancellationToken);
        if (key.UserId != caller.Id)
        {
            caller.Demand(Permissions.KeysManageAll);
        }
        else if (!caller.Has(Permissions.KeysManageAll))
        {
            caller.Demand(Permissions.KeysOwn);
        }

        return key.ManagedBy is null ? key : throw Problems.ManagedByConfiguration();
    }

    private async Task<ApiKeyView> SaveAsync(ApiKey key, string action, AuditDiff diff, CurrentUser caller, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (diff.IsEmpty)
        {
            return ApiKeyView.From(key, now, budgets);
        }

        key.UpdatedAt = now;
        try
        {
            await changes.SaveAsync(db, caller.Actor, [new AuditEvent(action, $"api_key:{key.Id}", diff.Text)], cancellationToken);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            throw Problems.NameTaken(key.Name);
        }

        await follower.FollowAsync(cancellationToken);
        return ApiKeyView.From(key, now, budgets);
    }
}
