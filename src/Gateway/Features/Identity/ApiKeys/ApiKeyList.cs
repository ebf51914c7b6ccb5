using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Data.Paging;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Identity.Budgets;

namespace AIHigress.Gateway.Features.Identity.ApiKeys;

/// <summary>The keys that a caller may see, page by page.</summary>
internal sealed class ApiKeyList(GatewayDbContext db, Pager pager, BudgetBook budgets, TimeProvider time)
{
    private static readonly SortKeys<ApiKey> Sorts = SortKeys.For<ApiKey, Guid>(k => k.Id, "-created_at")
        .Add("created_at", k => k.CreatedAt)
        .Add("name", k => k.Name)
        .Add("last_used_at", k => k.LastUsedAt);

    public Task<Page<ApiKeyView>> ReadAsync(ApiKeyFilter filter, PageQuery page, CurrentUser caller, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var query = db.ApiKeys.Where(k => k.DeletedAt == null);
        if (!caller.Has(Permissions.KeysReadAll))
        {
            query = query.Where(k => k.UserId == caller.Id);
        }

        query = filter.Apply(query, now).WhereContains(page.Q, k => k.Name, k => k.Prefix);
        object?[] filters = ["api-keys", caller.Id, filter.UserId, filter.Status, filter.ExpiresBefore, filter.UnusedSince];
        return pager.ReadAsync(query, Sorts, page, filters, key => ApiKeyView.From(key, now, budgets), cancellationToken);
    }
}
