namespace AIHigress.Gateway.Features.Providers.Proxies;

/// <summary>What one proxy of the pool suffered and showed. Many requests read and write it at once; no locks.</summary>
internal sealed class ProxyState(ProxyRoute route)
{
    private long _coolUntil = long.MinValue;
    private long _failedAt;
    private int _failures;
    private volatile bool _checkFailed;
    private volatile int _checkMs = int.MaxValue;

    public ProxyRoute Route { get; } = route;

    /// <summary>Of the last check that went well; the largest number without one.</summary>
    public int CheckMs => _checkMs;

    /// <param name="now">A timestamp of the clock: wall time may jump.</param>
    public bool IsUsable(long now) => !_checkFailed && Volatile.Read(ref _coolUntil) <= now;

    public void Fail(TimeSpan cooldown, TimeProvider time)
    {
        Interlocked.Increment(ref _failures);
        Volatile.Write(ref _failedAt, time.GetUtcNow().UtcTicks);
        CoolAtLeast(cooldown, time);
    }

    /// <summary>Takes over what is stored: a check that went well after the last failure ends the rest.</summary>
    public void Take(ProxyEntry entry, bool checks, TimeProvider time)
    {
        _checkFailed = checks && entry.CheckOk == false;
        _checkMs = entry is { CheckOk: true, CheckMs: { } ms } ? ms : int.MaxValue;
        if (checks && entry is { CheckOk: true, CheckAt: { } at } && at.UtcTicks > Volatile.Read(ref _failedAt))
        {
            Volatile.Write(ref _coolUntil, long.MinValue);
        }

        if (entry.CooldownUntil is { } until && until - time.GetUtcNow() is { Ticks: > 0 } left)
        {
            CoolAtLeast(left, time);
        }
    }

    public int TakeFailures() => Interlocked.Exchange(ref _failures, 0);

    public DateTimeOffset CooldownUntil(TimeProvider time)
    {
        var left = Volatile.Read(ref _coolUntil) - time.GetTimestamp();
        return time.GetUtcNow() + (left > 0 ? TimeSpan.FromSeconds(left / (double)time.TimestampFrequency) : TimeSpan.Zero);
    }

    private void CoolAtLeast(TimeSpan span, TimeProvider time)
    {
        var until = time.GetTimestamp() + (long)(span.TotalSeconds * time.TimestampFrequency);
        var seen = Volatile.Read(ref _coolUntil);
        while (until > seen)
        {
            var before = Interlocked.CompareExchange(ref _coolUntil, until, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
