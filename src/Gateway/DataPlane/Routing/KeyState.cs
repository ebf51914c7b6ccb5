using AIHigress.Gateway.DataPlane.Routing.Circuits;

namespace AIHigress.Gateway.DataPlane.Routing;

/// <summary>The moving state of one provider key: requests in flight, and how long it rests after failures.</summary>
internal sealed class KeyState(TimeProvider time)
{
    private const int AuthFailuresOfInvalid = 3;
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan AuthBackoff = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AuthSpanOfInvalid = TimeSpan.FromMinutes(10);

    private static readonly Rest None = new(0, 0, 0, 0, null);

    private int _inFlight;
    private Rest _rest = None;

    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>How long the key still rests; zero when it may be used.</summary>
    public TimeSpan Rests
    {
        get
        {
            // Asked of each candidate of each plan: a key that works needs no look at the clock.
            var rest = Volatile.Read(ref _rest);
            return ReferenceEquals(rest, None) ? TimeSpan.Zero : LeftOf(rest, time.GetTimestamp());
        }
    }

    /// <summary>Failures in a row.</summary>
    public int Fails => Volatile.Read(ref _rest).Fails;

    /// <summary>Scrubbed text of the last failure; null once it works again.</summary>
    public string? LastError => Volatile.Read(ref _rest).LastError;

    public bool TryEnter(int? limit)
    {
        if (Interlocked.Increment(ref _inFlight) > (limit ?? int.MaxValue))
        {
            Interlocked.Decrement(ref _inFlight);
            return false;
        }

        return true;
    }

    public void Leave() => Interlocked.Decrement(ref _inFlight);

    /// <summary>An answer came to its end. A rest that others' failures began stays.</summary>
    public void Succeeded()
    {
        var rest = Volatile.Read(ref _rest);
        if (rest.Fails != 0)
        {
            Swap(rest, LeftOf(rest, time.GetTimestamp()) > TimeSpan.Zero ? rest with { Fails = 0, AuthFails = 0 } : None);
        }
    }

    /// <summary>429: rests as long as the upstream says (at most 10 min), else 1 s doubling up to 60 s.</summary>
    public void RateLimited(TimeSpan? retryAfter, string? error = null)
    {
        Change((rest, now) =>
        {
            // Requests that were on their way when the rest began are part of the same failure.
            var fails = now < rest.Until ? rest.Fails : rest.Fails + 1;
            var span = retryAfter is { } wait ? Min(wait, LongestRetryAfter) : Backoff(TimeSpan.FromSeconds(1), fails);
            return rest with { Until = Math.Max(rest.Until, now + Ticks(span)), Fails = fails, LastError = error, IsAdopted = false };
        });
    }

    /// <summary>The upstream did not accept the key: 5 s doubling, at least 30 s, at most 60 s.</summary>
    /// <param name="isCredential">It said that the key itself is wrong (401, 403), not that its account is empty (402).</param>
    /// <param name="error">Scrubbed.</param>
    /// <returns>True when the key has been refused three times over at least 10 minutes, and never accepted: it is invalid.</returns>
    public bool Refused(bool isCredential = true, string? error = null)
    {
        var after = Change((rest, now) =>
        {
            if (now < rest.Until)
            {
                return rest;
            }

            var fails = rest.Fails + 1;
            var span = TimeSpan.FromTicks(Math.Max(Backoff(TimeSpan.FromSeconds(5), fails).Ticks, AuthBackoff.Ticks));
            var auth = isCredential ? rest.AuthFails + 1 : rest.AuthFails;
            return new Rest(now + Ticks(span), fails, auth, auth == 1 && isCredential ? now : rest.FirstAuthAt, error);
        });
        return after.AuthFails >= AuthFailuresOfInvalid && time.GetElapsedTime(after.FirstAuthAt) >= AuthSpanOfInvalid;
    }

    /// <summary>Ends its rest and forgets its failures: an operator's word.</summary>
    public void Reset() => Volatile.Write(ref _rest, None);

    /// <summary>What other replicas should know; null when it does not rest, or they told of it themselves.</summary>
    public KeyRestRecord? Export()
    {
        var rest = Volatile.Read(ref _rest);
        var left = LeftOf(rest, time.GetTimestamp());
        return left > TimeSpan.Zero && !rest.IsAdopted ? new KeyRestRecord((long)Math.Ceiling(left.TotalMilliseconds), rest.Fails, rest.LastError) : null;
    }

    /// <summary>Takes over a rest of another replica, where it is longer than the own.</summary>
    public void Adopt(KeyRestRecord record)
    {
        Change((rest, now) =>
        {
            var until = now + Ticks(Min(TimeSpan.FromMilliseconds(Math.Max(0, record.LeftMs)), LongestRetryAfter));
            return until <= rest.Until ? rest : rest with { Until = until, Fails = Math.Max(rest.Fails, record.Fails), LastError = record.LastError, IsAdopted = true };
        });
    }

    private Rest Change(Func<Rest, long, Rest> change)
    {
        while (true)
        {
            var rest = Volatile.Read(ref _rest);
            var next = change(rest, time.GetTimestamp());
            if (ReferenceEquals(next, rest) || Swap(rest, next))
            {
                return next;
            }
        }
    }

    private bool Swap(Rest from, Rest to) => Interlocked.CompareExchange(ref _rest, to, from) == from;

    private TimeSpan LeftOf(Rest rest, long now) => now >= rest.Until ? TimeSpan.Zero : time.GetElapsedTime(now, rest.Until);

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);

    private static TimeSpan Backoff(TimeSpan first, int fails) =>
        Min(TimeSpan.FromTicks(first.Ticks << Math.Clamp(fails - 1, 0, 10)), LongestBackoff);

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    /// <param name="AuthFails">Refusals of the key itself in a row, the first at <paramref name="FirstAuthAt"/>.</param>
    /// <param name="IsAdopted">Told by another replica: telling it again would make it longer each time.</param>
    private sealed record Rest(long Until, int Fails, int AuthFails, long FirstAuthAt, string? LastError, bool IsAdopted = false);
}
