namespace AIHigress.Gateway.DataPlane.Routing.Circuits;

/// <summary>
/// Attempts that ended within one window, and how many failed. The same request of the same caller counts once, and what only one
/// caller's requests show counts for nothing while others are served. Shared by all requests without a lock; a lost race is one count.
/// </summary>
internal sealed class FailureRate(long start)
{
    private const int Slots = 64;
    private const int Nobody = 0;
    private const int Several = -1;

    // Made by the first failure: most upstreams have none.
    private long[]? _seen;
    private int _all;
    private int _failed;
    private int _failedCaller;
    private int _servedCaller;
    private int _sure;

    /// <summary>When the window began, as a timestamp.</summary>
    public long Start { get; } = start;

    public void Succeeded(int caller)
    {
        Interlocked.Increment(ref _all);
        Note(ref _servedCaller, caller);
    }

    /// <summary>False when the same caller's same request was counted already.</summary>
    public bool Failed(FailureSource source)
    {
        if (source.IsSure)
        {
            Volatile.Write(ref _sure, 1);
        }
        else
        {
            var name = ((long)source.Caller << 32) | (uint)source.Request;
            // 0 is an empty slot.
            name = name == 0 ? 1 : name;
            ref var slot = ref Seen()[(uint)HashCode.Combine(name) % Slots];
            if (Interlocked.Exchange(ref slot, name) == name)
            {
                return false;
            }

            Note(ref _failedCaller, source.Caller);
        }

        Interlocked.Increment(ref _all);
        Interlocked.Increment(ref _failed);
        return true;
    }

    public bool IsTooHigh(CircuitLimits limits)
    {
        var all = Volatile.Read(ref _all);
        return all >= limits.RateMinimum && Volatile.Read(ref _failed) >= all * limits.Rate && IsNotOneCallers();
    }

    private long[] Seen()
    {
        if (Volatile.Read(ref _seen) is { } seen)
        {
            return seen;
        }

        var fresh = new long[Slots];
        return Interlocked.CompareExchange(ref _seen, fresh, null) ?? fresh;
    }

    private bool IsNotOneCallers()
    {
        var failed = Volatile.Read(ref _failedCaller);
        var served = Volatile.Read(ref _servedCaller);
        return Volatile.Read(ref _sure) == 1 || failed == Several || served == Nobody || served == failed;
    }

    private static void Note(ref int known, int caller)
    {
        var found = Volatile.Read(ref known);
        if (found == caller || found == Several)
        {
            return;
        }

        if (found != Nobody || Interlocked.CompareExchange(ref known, caller, Nobody) is not Nobody and var other && other != caller)
        {
            Volatile.Write(ref known, Several);
        }
    }
}
