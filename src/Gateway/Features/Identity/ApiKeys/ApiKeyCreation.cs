using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Identity.Budgets;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Identity.ApiKeys;

/// <summary>Makes a key; its token leaves the server once, in this answer.</summary>
internal sealed class ApiKeyCreation(
    GatewayDbContext db,
    ChangeWriter changes,
    ChangeFeed feed,
    SnapshotFollower follower,
    ApiKeyRules rules,
    BudgetBook budgets,
    IOptionsMonitor<ApiKeyOptions> options,
    IOptionsMonitor<SignInOptions> signIn,
    TimeProvider time)
{
    public async Task<CreatedApiKey> RunAsync(CreateApiKey input, CurrentUser caller, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var token = ApiKeyToken.Generate();
        var key = Read(input, caller, token, now);
        ApiKeyRules.DemandWithin(caller.Key, key);
        if (key.Scopes.Contains(ApiKey.ManagementScope))
        {
            caller.DemandStepUp(now, signIn.CurrentValue.StepUpMinutes);
        }

        if (key.UserId != caller.Id)
        {
            caller.Demand(Permissions.KeysManageAll);
        }

        try
        {
            await StoreAsync(key, caller, cancellationToken);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            throw Problems.NameTaken(key.Name);
        }

        await follower.FollowAsync(cancellationToken);
        return new CreatedApiKey(ApiKeyView.From(key, now, budgets), token, rules.Warnings(key.UserId ?? caller.Id, key.AllowedProviderIds, key.AllowedModels));
    }

    private ApiKey Read(CreateApiKey input, CurrentUser caller, string token, DateTimeOffset now)
    {
        var scopes = (input.Scopes ?? [ApiKey.InferenceScope]).Distinct().ToArray();
        var permissions = (input.Permissions ?? []).Distinct().ToArray();
        var key = new ApiKey
        {
            UserId = input.UserId ?? caller.Id,
            Name = input.Name?.Trim() ?? "",
            Digest = ApiKeyToken.Digest(token),
            Prefix = ApiKeyToken.Prefix(token),
            Scopes = scopes,
            Permissions = permissions,
            AllowedProviderIds = [.. (input.AllowedProviderIds ?? []).Distinct()],
            AllowedModels = [.. (input.AllowedModels ?? []).Distinct()],
            Limits = input.Limits?.ToLimits(),
            Budget = input.Budget?.ToBudget(),
            ExpiresAt = ApiKeyRules.Stored(input.ExpiresAt),
            CreatedAt = now,
            UpdatedAt = now,
        };
        var faults = new FieldErrors();
        rules.CheckName(key.Name, faults);
        rules.CheckScopes(scopes, faults);
        rules.CheckPermissions(permissions, scopes, caller, faults);
        rules.CheckExpiry(key.ExpiresAt, faults);
        rules.CheckLists(key.AllowedProviderIds, key.AllowedModels, faults);
        ApiKeyRules.CheckLimits(input.Limits, input.Budget, faults);
        faults.ThrowIfAny();
        return key;
    }

    private async Task StoreAsync(ApiKey key, CurrentUser caller, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);

        // The lock by which two calls of one user count one after the other.
        var owner = await db.Users
            .Where(u => u.Id == key.UserId && u.DeletedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.UpdatedAt, u => u.UpdatedAt), cancellationToken);
        if (owner == 0)
        {
            throw Problems.Field("user_id", "unknown", "is no user");
        }

        var live = await db.ApiKeys.CountAsync(k => k.UserId == key.UserId && k.DeletedAt == null, cancellationToken);
        var most = options.CurrentValue.MaxPerUser;
        if (live >= most)
        {
            throw new ProblemException(StatusCodes.Status403Forbidden, "quota_reached", $"A user can have {most} API keys; delete one first.")
            {
                Params = new Dictionary<string, object?> { ["max"] = most },
            };
        }

        db.ApiKeys.Add(key);
        var diff = new AuditDiff()
            .Add("name", null, key.Name)
            .Add("user_id", null, key.UserId)
            .Add("scopes", [], key.Scopes)
            .Add("permissions", [], key.Permissions)
            .Add("allowed_provider_ids", [], key.AllowedProviderIds)
            .Add("allowed_models", [], key.AllowedModels)
            .Add("limits", null, key.Limits)
            .Add("budget", null, key.Budget)
            .Add("expires_at", null, key.ExpiresAt);
        await changes.SaveAsync(db, caller.Actor, [new AuditEvent("api_key.created", $"api_key:{key.Id}", diff.Text)], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        feed.Signal();
    }
}
