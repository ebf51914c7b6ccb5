using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Data.Paging;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Providers.Health.Traffic;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Providers.Health.Reading;

/// <summary>The status page: how each provider that a user sees does.</summary>
internal sealed class StatusReader(GatewayDbContext db, Pager pager, TrafficReader traffic, TimeProvider time)
{
    private static readonly SortKeys<Provider> Sorts = SortKeys.For<Provider, string>(p => p.Id, "name")
        .Add("name", p => p.Name).Add("id", p => p.Id).Add("created_at", p => p.CreatedAt);

    public async Task<Page<ProviderStatusView>> ListAsync(PageQuery page, CurrentUser user, CancellationToken cancellationToken)
    {
        var query = db.Providers.VisibleTo(db, user).WhereContains(page.Q, p => p.Name, p => p.Id);
        var rows = await pager.ReadAsync(query, Sorts, page, ["provider-status"], p => p, cancellationToken);
        return new Page<ProviderStatusView>(await ViewAsync(rows.Items, cancellationToken), rows.NextCursor, rows.Total, rows.TotalCapped);
    }

    public async Task<ProviderStatusView> GetAsync(string id, CurrentUser user, CancellationToken cancellationToken)
    {
        var provider = await ProviderAccess.FindAsync(db, id, user, cancellationToken);
        return (await ViewAsync([provider], cancellationToken))[0];
    }

    private async Task<IReadOnlyList<ProviderStatusView>> ViewAsync(IReadOnlyList<Provider> providers, CancellationToken cancellationToken)
    {
        var ids = providers.Select(p => p.Id).ToList();
        var states = await db.ProviderHealth.AsNoTracking().Where(h => ids.Contains(h.ProviderId)).ToDictionaryAsync(h => h.ProviderId, StringComparer.Ordinal, cancellationToken);
        var history = await UptimeHistory.ReadAsync(db, ids, time.GetUtcNow(), cancellationToken);
        var window = await traffic.WindowAsync(ids, cancellationToken);
        return [.. providers.Select(p => View(p, states.GetValueOrDefault(p.Id), history, [.. window[p.Id]]))];
    }

    private static ProviderStatusView View(Provider provider, ProviderHealthState? state, UptimeHistory history, IReadOnlyList<TrafficMinute> minutes)
    {
        var sum = TrafficReader.Sum(minutes, null);
        var ttft = minutes.Where(m => m.Ttft.Length > 0).Aggregate(Array.Empty<int>(), (all, m) => TtftScale.Add(all, m.Ttft));
        return new ProviderStatusView
        {
            ProviderId = provider.Id,
            Name = provider.Name,
            OperationStatus = provider.OperationStatus,
            Health = state?.Health ?? ProviderHealth.Unknown,
            Uptime = history.Of(provider.Id, state),
            Days = history.Days(provider.Id, UptimeHistory.LongestDays),
            TtftP50Ms = TtftScale.Percentile(ttft, 0.5),
            TtftP95Ms = TtftScale.Percentile(ttft, 0.95),
            ErrorRate = sum.All == 0 ? null : sum.ErrorRate,
            OpenIncidents = state is { Health: ProviderHealth.Degraded or ProviderHealth.Down } ? [new IncidentView(state.Health, state.Reason, state.Since)] : [],
        };
    }
}
