namespace AIHigress.Gateway.Features.Identity.Budgets;

/// <summary>Where the periods of budgets begin and end: at midnight of a time zone.</summary>
internal static class BudgetCalendar
{
    /// <summary>The begin of the period that a moment lies in; a reset within it begins it anew.</summary>
    public static DateTimeOffset Start(BudgetPeriod period, DateTimeOffset now, TimeZoneInfo zone, DateTimeOffset? resetAt)
    {
        var start = period == BudgetPeriod.Total ? DateTimeOffset.UnixEpoch : Instant(FirstDay(period, now, zone), zone);
        return resetAt > start && resetAt <= now ? resetAt.Value : start;
    }

    /// <summary>When the next period begins; null: never.</summary>
    public static DateTimeOffset? End(BudgetPeriod period, DateTimeOffset now, TimeZoneInfo zone) => period switch
    {
        BudgetPeriod.Day => Instant(FirstDay(period, now, zone).AddDays(1), zone),
        BudgetPeriod.Week => Instant(FirstDay(period, now, zone).AddDays(7), zone),
        BudgetPeriod.Month => Instant(FirstDay(period, now, zone).AddMonths(1), zone),
        _ => null,
    };

    private static DateTime FirstDay(BudgetPeriod period, DateTimeOffset now, TimeZoneInfo zone)
    {
        var today = TimeZoneInfo.ConvertTime(now, zone).Date;
        return period switch
        {
            BudgetPeriod.Week => today.AddDays(-(((int)today.DayOfWeek + 6) % 7)),
            BudgetPeriod.Month => new DateTime(today.Year, today.Month, 1, 0, 0, 0, DateTimeKind.Unspecified),
            _ => today,
        };
    }

    // A midnight that summer time leaves out is the first moment after the gap.
    private static DateTimeOffset Instant(DateTime local, TimeZoneInfo zone)
    {
        while (zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(30);
        }

        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }
}
