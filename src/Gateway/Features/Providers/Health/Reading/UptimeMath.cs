namespace AIHigress.Gateway.Features.Providers.Health.Reading;

/// <summary>Uptime out of what was stored.</summary>
internal static class UptimeMath
{
    /// <summary>0…1; null when nothing was observed.</summary>
    public static double? Share(double up, double down) => up + down <= 0 ? null : up / (up + down);

    public static double? Share(IEnumerable<ProviderUptime> days)
    {
        var (up, down) = (0, 0);
        foreach (var day in days)
        {
            up += day.Up + day.Degraded;
            down += day.Down;
        }

        return Share(up, down);
    }

    /// <summary>Uptime of a span out of the changes within it.</summary>
    /// <param name="changes">Changes of health within the span, oldest first.</param>
    /// <param name="now">The health at its end, which is also that of the whole span without changes.</param>
    /// <param name="start">Begin of the span.</param>
    /// <param name="end">Its end.</param>
    public static double? Share(IReadOnlyList<ProviderEvent> changes, ProviderHealth now, DateTimeOffset start, DateTimeOffset end)
    {
        var (up, down) = (TimeSpan.Zero, TimeSpan.Zero);
        var (at, health) = (start, changes.Count > 0 ? changes[0].From : now);
        foreach (var change in changes)
        {
            Add(change.CreatedAt);
            (at, health) = (change.CreatedAt, change.To);
        }

        Add(end);
        return Share(up.TotalSeconds, down.TotalSeconds);

        void Add(DateTimeOffset until)
        {
            if (health == ProviderHealth.Down)
            {
                down += until - at;
            }
            else if (health != ProviderHealth.Unknown)
            {
                up += until - at;
            }
        }
    }
}
