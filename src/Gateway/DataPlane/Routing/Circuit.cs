namespace AIHigress.Gateway.DataPlane.Routing;

/// <summary>
/// Keeps traffic from an upstream that fails: three counted failures in 60 s, or half of at least 20 requests in 30 s,
/// open it for 60 s (doubling to 10 min); then one request is let through to try. States are immutable and swapped.
/// </summary>
internal sealed class Circuit(TimeProvider time)
{
    private static readonly TimeSpan FailureWindow = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestOpen = TimeSpan.FromMinutes(10);
    private const int RateMinimum = 20;

    private static readonly State Closed = new(CircuitPhase.Closed, 0, 0, 0, []);

    private State _state = Closed;
    private RateCounter _rate = new(time.GetTimestamp());

    /// <summary>Open circuits whose time is over are half-open: one trial may pass.</summary>
    public CircuitPhase Phase
    {
        get
        {
            var state = Volatile.Read(ref _state);
            return state.Phase == CircuitPhase.Open && time.GetTimestamp() >= state.Until ? CircuitPhase.HalfOpen : state.Phase;
        }
    }

    /// <summary>When it opened, as a timestamp; 0 when it is closed.</summary>
    public long OpenedAt => Volatile.Read(ref _state).OpenedAt;

    /// <summary>How long ago it opened; null when it is closed.</summary>
    public TimeSpan? OpenFor => Volatile.Read(ref _state) is { Phase: not CircuitPhase.Closed } state ? time.GetElapsedTime(state.OpenedAt) : null;

    /// <summary>Until a trial may pass; zero when it is closed or one may pass now.</summary>
    public TimeSpan Left =>
        Volatile.Read(ref _state) is { Phase: not CircuitPhase.Closed } state && time.GetTimestamp() is var now && now < state.Until
            ? time.GetElapsedTime(now, state.Until) : TimeSpan.Zero;

    /// <summary>Failures counted towards opening.</summary>
    public int Failures => Volatile.Read(ref _state).Failures.Length;

    /// <summary>Scrubbed text of the last counted failure; null once it works again.</summary>
    public string? LastError => null;

    /// <summary>Closes it and forgets everything: an operator's word.</summary>
    public void Reset()
    {
        Volatile.Write(ref _rate, new RateCounter(time.GetTimestamp()));
        Volatile.Write(ref _state, Closed);
    }

    /// <summary>Whether a request may be planned on it: closed, or half-open with no trial under way.</summary>
    public bool MayPass => Phase is CircuitPhase.Closed or CircuitPhase.HalfOpen;

    /// <summary>Called when an attempt starts; takes the trial place of a half-open circuit. False when another took it.</summary>
    public bool TryStart()
    {
        var state = Volatile.Read(ref _state);
        if (state.Phase != CircuitPhase.Open || time.GetTimestamp() < state.Until)
        {
            return state.Phase == CircuitPhase.Closed;
        }

        return Swap(state, state with { Phase = CircuitPhase.Trial });
    }

    /// <summary>
    /// A stream began to speak: enough to end a trial, which would hold its place for the whole stream. Failures stay
    /// counted, or an upstream that always breaks off in the middle would never be found out.
    /// </summary>
    public void Began()
    {
        var state = Volatile.Read(ref _state);
        if (state.Phase == CircuitPhase.Trial)
        {
            Swap(state, Closed);
        }
    }

    /// <summary>An answer came to its end.</summary>
    public void Succeeded()
    {
        CurrentRate().Count(failed: false);
        var state = Volatile.Read(ref _state);
        if (state.Phase != CircuitPhase.Closed || state.Failures.Length > 0)
        {
            Swap(state, Closed);
        }
    }

    /// <summary>Counts a failure that is the upstream's fault.</summary>
    public void Failed(int threshold, TimeSpan firstOpen)
    {
        var rate = CurrentRate();
        rate.Count(failed: true);
        while (true)
        {
            var state = Volatile.Read(ref _state);
            var next = Next(state, rate, threshold, firstOpen);
            if (Swap(state, next))
            {
                return;
            }
        }
    }

    /// <summary>The attempt ended without telling anything about the upstream (client gone): gives a trial place back.</summary>
    public void Abandoned()
    {
        var state = Volatile.Read(ref _state);
        if (state.Phase == CircuitPhase.Trial)
        {
            Swap(state, state with { Phase = CircuitPhase.Open });
        }
    }

    private State Next(State state, RateCounter rate, int threshold, TimeSpan firstOpen)
    {
        var now = time.GetTimestamp();
        if (state.Phase == CircuitPhase.Trial)
        {
            return Open(state, now, firstOpen);
        }

        if (state.Phase == CircuitPhase.Open)
        {
            // Requests that started before it opened add nothing.
            return state;
        }

        long[] failures = [.. state.Failures.Where(at => time.GetElapsedTime(at, now) < FailureWindow), now];
        var tooMany = failures.Length >= threshold || rate.IsHalfFailed(RateMinimum);
        return tooMany ? Open(state, now, firstOpen) : state with { Failures = failures };
    }

    private State Open(State state, long now, TimeSpan firstOpen)
    {
        var open = TimeSpan.FromTicks(Math.Min(firstOpen.Ticks << Math.Min(state.Level, 10), LongestOpen.Ticks));
        var until = now + (long)(open.TotalSeconds * time.TimestampFrequency);
        return new State(CircuitPhase.Open, now, until, state.Level + 1, []);
    }

    private RateCounter CurrentRate()
    {
        var rate = Volatile.Read(ref _rate);
        var now = time.GetTimestamp();
        if (time.GetElapsedTime(rate.Start, now) < RateWindow)
        {
            return rate;
        }

        var fresh = new RateCounter(now);
        return Interlocked.CompareExchange(ref _rate, fresh, rate) == rate ? fresh : Volatile.Read(ref _rate);
    }

    private bool Swap(State from, State to) => Interlocked.CompareExchange(ref _state, to, from) == from;

    private sealed record State(CircuitPhase Phase, long OpenedAt, long Until, int Level, long[] Failures);

    private sealed class RateCounter(long start)
    {
        private int _all;
        private int _failed;

        public long Start { get; } = start;

        public void Count(bool failed)
        {
            Interlocked.Increment(ref _all);
            if (failed)
            {
                Interlocked.Increment(ref _failed);
            }
        }

        public bool IsHalfFailed(int minimum)
        {
            var all = Volatile.Read(ref _all);
            return all >= minimum && Volatile.Read(ref _failed) * 2 >= all;
        }
    }
}

internal enum CircuitPhase
{
    Closed,
    Open,
    HalfOpen,

    /// <summary>Half-open with its one trial under way.</summary>
    Trial,
}
