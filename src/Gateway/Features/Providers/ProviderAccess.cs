using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Providers;

/// <summary>Who sees a provider, who sees its inner details, who may change or operate it (control-plane.md §5.1).</summary>
internal static class ProviderAccess
{
    public static bool SeesAll(CurrentUser user) =>
        user.Has(Permissions.ProvidersReadAll) || user.Has(Permissions.ProvidersManageAll) || user.Has(Permissions.ProvidersOperate);

    /// <summary>Base URL, headers, keys' hints: the owner's and the operators'.</summary>
    public static bool SeesDetails(CurrentUser user, Provider provider) => SeesAll(user) || IsOwner(user, provider);

    public static bool IsOwner(CurrentUser user, Provider provider) => provider.OwnerId is not null && provider.OwnerId == user.Id;

    public static IQueryable<Provider> VisibleTo(this IQueryable<Provider> providers, GatewayDbContext db, CurrentUser user)
    {
        var live = providers.Where(p => p.DeletedAt == null);
        if (SeesAll(user))
        {
            return live;
        }

        var id = user.Id;
        return live.Where(p => p.OwnerId == id
            || (p.OperationStatus != OperationStatus.Offline
                && ((p.Visibility == ProviderVisibility.Public && (p.ReviewStatus == ReviewStatus.Approved || p.ReviewStatus == ReviewStatus.ApprovedLimited))
                    || (p.Visibility == ProviderVisibility.Shared && db.ProviderShares.Any(s => s.ProviderId == p.Id && s.UserId == id)))));
    }

    /// <summary>Finds a provider that the user sees; tracked, so that it can be changed.</summary>
    /// <exception cref="ProblemException">404 when there is none or the user may not see it.</exception>
    public static async Task<Provider> FindAsync(GatewayDbContext db, string id, CurrentUser user, CancellationToken cancellationToken) =>
        await db.Providers.VisibleTo(db, user).SingleOrDefaultAsync(p => p.Id == id, cancellationToken) ?? throw Problems.NotFound();

    /// <summary>Finds a provider that the user may change.</summary>
    /// <exception cref="ProblemException">404, or 403 when the user sees it but may not change it, or 409 when gateway.yaml declares it.</exception>
    public static async Task<Provider> FindForChangeAsync(GatewayDbContext db, string id, CurrentUser user, CancellationToken cancellationToken)
    {
        var provider = await FindAsync(db, id, user, cancellationToken);
        if (!IsOwner(user, provider))
        {
            user.Demand(Permissions.ProvidersManageAll);
        }

        ManagedBy.DemandApi(provider.ManagedBy);
        return provider;
    }

    /// <summary>Finds a provider that the user may pause, test or ask for its models.</summary>
    /// <exception cref="ProblemException">404, or 403 when the user sees it but may not operate it.</exception>
    public static async Task<Provider> FindForOperationAsync(GatewayDbContext db, string id, CurrentUser user, CancellationToken cancellationToken)
    {
        var provider = await FindAsync(db, id, user, cancellationToken);
        if (!IsOwner(user, provider) && !user.Has(Permissions.ProvidersManageAll))
        {
            user.Demand(Permissions.ProvidersOperate);
        }

        return provider;
    }
}
