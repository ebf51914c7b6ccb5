using AIHigress.Gateway.Data;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Providers.Health.Reading;

/// <summary>The stored past of some providers, read at once.</summary>
internal sealed class UptimeHistory
{
    public const int LongestDays = 90;
    private readonly ILookup<string, ProviderUptime> _days;
    private readonly ILookup<string, ProviderEvent> _changes;
    private readonly DateTimeOffset _now;

    private UptimeHistory(IEnumerable<ProviderUptime> days, IEnumerable<ProviderEvent> changes, DateTimeOffset now)
    {
        _days = days.ToLookup(d => d.ProviderId, StringComparer.Ordinal);
        _changes = changes.ToLookup(e => e.ProviderId, StringComparer.Ordinal);
        _now = now;
    }

    public static async Task<UptimeHistory> ReadAsync(GatewayDbContext db, IReadOnlyList<string> providers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var first = FirstDay(now, LongestDays);
        var days = await db.ProviderUptime.AsNoTracking().Where(u => providers.Contains(u.ProviderId) && u.Day >= first).OrderBy(u => u.Day).ToListAsync(cancellationToken);
        var start = now.AddHours(-24);
        var changes = await db.ProviderEvents.AsNoTracking()
            .Where(e => providers.Contains(e.ProviderId) && e.Kind == ProviderEvent.HealthChanged && e.CreatedAt >= start).OrderBy(e => e.CreatedAt).ToListAsync(cancellationToken);
        return new UptimeHistory(days, changes, now);
    }

    /// <summary>24 hours to the second, from the changes; the longer ones from whole days.</summary>
    public UptimeView Of(string providerId, ProviderHealthState? state) => new(
        UptimeMath.Share([.. _changes[providerId]], state?.Health ?? ProviderHealth.Unknown, _now.AddHours(-24), _now),
        UptimeMath.Share(Rows(providerId, 7)),
        UptimeMath.Share(Rows(providerId, LongestDays)));

    public IReadOnlyList<UptimeDay> Days(string providerId, int days) => [.. Rows(providerId, days).Select(UptimeDay.Of)];

    private IEnumerable<ProviderUptime> Rows(string providerId, int days)
    {
        var first = FirstDay(_now, days);
        return _days[providerId].Where(d => d.Day >= first);
    }

    private static DateOnly FirstDay(DateTimeOffset now, int days) => DateOnly.FromDateTime(now.UtcDateTime).AddDays(1 - days);

}
