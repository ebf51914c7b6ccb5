using System.ComponentModel;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Data.Paging;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Providers.Health;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Providers;

/// <summary>The filters of the provider list.</summary>
public sealed record ProviderFilter
{
    [FromQuery(Name = "kind")]
    public string? Kind { get; init; }

    [FromQuery(Name = "operation_status"), Description("active, paused or offline")]
    public string? OperationStatus { get; init; }

    [FromQuery(Name = "visibility"), Description("public, private or shared")]
    public string? Visibility { get; init; }

    [FromQuery(Name = "review_status"), Description("none, pending, approved, approved_limited, changes_requested or rejected")]
    public string? ReviewStatus { get; init; }

    [FromQuery(Name = "shared_with_me"), Description("True lists only those that others share with you.")]
    public bool? SharedWithMe { get; init; }

    [FromQuery(Name = "health"), Description("unknown, healthy, degraded or down")]
    public string? Health { get; init; }

    [FromQuery(Name = "mine"), Description("True lists only your own.")]
    public bool? Mine { get; init; }

    [FromQuery(Name = "model"), Description("Has this model, by the upstream's id or by alias.")]
    public string? Model { get; init; }
}

/// <summary>Lists the providers that a user sees.</summary>
internal sealed class ProviderList(GatewayDbContext db, Pager pager)
{
    private static readonly SortKeys<Provider> Sorts = SortKeys.For<Provider, string>(p => p.Id, "-created_at")
        .Add("created_at", p => p.CreatedAt).Add("name", p => p.Name).Add("id", p => p.Id);

    public async Task<Page<ProviderView>> ReadAsync(PageQuery page, ProviderFilter filter, CurrentUser user, CancellationToken cancellationToken)
    {
        object?[] binding =
        [
            "providers", filter.Kind, filter.OperationStatus, filter.Visibility, filter.ReviewStatus, filter.Health, filter.SharedWithMe?.ToString(), filter.Mine?.ToString(), filter.Model,
        ];
        var rows = await pager.ReadAsync(Filtered(page, filter, user), Sorts, page, binding, p => p, cancellationToken);
        var ids = rows.Items.Select(p => p.Id).ToList();
        var keys = await db.ProviderKeys.AsNoTracking().Where(k => ids.Contains(k.ProviderId)).OrderBy(k => k.Id).ToListAsync(cancellationToken);
        var keysOf = keys.ToLookup(k => k.ProviderId);
        var counts = await db.ProviderModels.Where(m => ids.Contains(m.ProviderId)).GroupBy(m => m.ProviderId)
            .Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
        var health = await db.ProviderHealth.AsNoTracking().Where(h => ids.Contains(h.ProviderId)).ToDictionaryAsync(h => h.ProviderId, cancellationToken);
        return new Page<ProviderView>(
            [.. rows.Items.Select(p => ProviderView.Of(p, user, counts.GetValueOrDefault(p.Id), [.. keysOf[p.Id]]).With(health.GetValueOrDefault(p.Id)))],
            rows.NextCursor, rows.Total, rows.TotalCapped);
    }

    private IQueryable<Provider> Filtered(PageQuery page, ProviderFilter filter, CurrentUser user)
    {
        var query = db.Providers.VisibleTo(db, user).WhereContains(page.Q, p => p.Name, p => p.Id);
        if (filter.Kind is { } kind)
        {
            query = query.Where(p => p.Kind == kind);
        }

        if (EnumFilter.Read<OperationStatus>("operation_status", filter.OperationStatus) is { } status)
        {
            query = query.Where(p => p.OperationStatus == status);
        }

        if (EnumFilter.Read<ProviderVisibility>("visibility", filter.Visibility) is { } visibility)
        {
            query = query.Where(p => p.Visibility == visibility);
        }

        if (EnumFilter.Read<ReviewStatus>("review_status", filter.ReviewStatus) is { } review)
        {
            query = query.Where(p => p.ReviewStatus == review);
        }

        if (filter.SharedWithMe is { } shared)
        {
            var me = user.Id;
            query = query.Where(p => (p.Visibility == ProviderVisibility.Shared && db.ProviderShares.Any(s => s.ProviderId == p.Id && s.UserId == me)) == shared);
        }

        if (EnumFilter.Read<ProviderHealth>("health", filter.Health) is { } health)
        {
            query = health == ProviderHealth.Unknown
                ? query.Where(p => !db.ProviderHealth.Any(h => h.ProviderId == p.Id && h.Health != ProviderHealth.Unknown))
                : query.Where(p => db.ProviderHealth.Any(h => h.ProviderId == p.Id && h.Health == health));
        }

        if (filter.Mine is { } mine)
        {
            var id = user.Id;
            query = mine ? query.Where(p => p.OwnerId == id) : query.Where(p => p.OwnerId != id || p.OwnerId == null);
        }

        if (filter.Model is { } model)
        {
            query = query.Where(p => db.ProviderModels.Any(m => m.ProviderId == p.Id && (m.Model == model || m.Alias == model)));
        }

        return query;
    }
}
