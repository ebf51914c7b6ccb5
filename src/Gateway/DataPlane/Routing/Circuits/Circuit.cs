namespace AIHigress.Gateway.DataPlane.Routing.Circuits;

/// <summary>
/// Keeps traffic from an upstream that fails (<see cref="CircuitLimits"/>); when its time is over, one request at a time is let
/// through to try. What a prompt may have caused counts once per caller and request (ADR 0015). States are immutable and swapped.
/// </summary>
internal sealed class Circuit(TimeProvider time)
{
    /// <summary>A trial that has not ended by then no longer keeps others from trying.</summary>
    public static readonly TimeSpan TrialLease = TimeSpan.FromSeconds(60);

    private static readonly State Untouched = new(CircuitPhase.Closed, long.MinValue, 0, 0, 0, [], null);

    private State _state = Untouched;

    // Null until the first attempt has ended.
    private FailureRate? _rate;
    private long _rateWindow = CircuitLimits.Default.RateWindow.Ticks;

    /// <summary>Open circuits whose time is over, and those whose trial does not end, are half-open: one trial may pass.</summary>
    public CircuitPhase Phase
    {
        get
        {
            var state = Volatile.Read(ref _state);
            return state.Phase != CircuitPhase.Closed && time.GetTimestamp() >= state.Until ? CircuitPhase.HalfOpen : state.Phase;
        }
    }

    /// <summary>When it opened, as a timestamp; 0 when it is closed.</summary>
    public long OpenedAt => Volatile.Read(ref _state).OpenedAt;

    /// <summary>How long ago it opened; null when it is closed.</summary>
    public TimeSpan? OpenFor => Volatile.Read(ref _state) is { Phase: not CircuitPhase.Closed } state ? time.GetElapsedTime(state.OpenedAt) : null;

    /// <summary>Until a trial may pass; zero when it is closed or one may pass now.</summary>
    public TimeSpan Left => LeftOf(Volatile.Read(ref _state), time.GetTimestamp());

    /// <summary>Failures counted towards opening.</summary>
    public int Failures => Volatile.Read(ref _state).Failures.Length;

    /// <summary>Scrubbed text of the last counted failure; null once it works again.</summary>
    public string? LastError => Volatile.Read(ref _state).LastError;

    /// <summary>Whether a request may be planned on it: closed, or half-open with no trial under way.</summary>
    public bool MayPass => Phase is CircuitPhase.Closed or CircuitPhase.HalfOpen;

    /// <summary>Called when an attempt starts; takes the trial place of a half-open circuit. False when it is open, or another took the place.</summary>
    public bool TryStart(out CircuitPass pass)
    {
        var state = Volatile.Read(ref _state);
        var now = time.GetTimestamp();
        pass = new CircuitPass(now, null);
        if (state.Phase == CircuitPhase.Closed)
        {
            return true;
        }

        if (now < state.Until)
        {
            return false;
        }

        var trial = state with { Phase = CircuitPhase.Trial, Until = now + Ticks(TrialLease) };
        pass = new CircuitPass(now, trial);
        return Swap(state, trial);
    }

    /// <summary>For an attempt that is made although the circuit is open, because nothing else is left.</summary>
    public CircuitPass StartAnyway() => new(time.GetTimestamp(), null);

    /// <summary>
    /// A stream began to speak: enough to end a trial, which would hold its place for the whole stream. The level stays,
    /// or an upstream that always breaks off in the middle would never be left alone for longer.
    /// </summary>
    public void Began(in CircuitPass pass)
    {
        if (pass.Trial is State trial)
        {
            Swap(trial, Untouched with { ChangedAt = time.GetTimestamp(), Level = trial.Level });
        }
    }

    /// <summary>An answer came to its end.</summary>
    /// <param name="pass">What <see cref="TryStart"/> gave.</param>
    /// <param name="caller">As in <see cref="FailureSource.Caller"/>.</param>
    public void Succeeded(in CircuitPass pass, int caller)
    {
        CurrentRate().Succeeded(caller);
        var state = Volatile.Read(ref _state);
        if (state.Phase == CircuitPhase.Closed)
        {
            if (state.Failures.Length > 0 || state.Level > 0)
            {
                Swap(state, Untouched with { ChangedAt = state.ChangedAt });
            }
        }
        else if (ReferenceEquals(pass.Trial, state) || pass.At >= state.OpenedAt)
        {
            // What began before it opened says nothing of how the upstream is now.
            Swap(state, Untouched with { ChangedAt = time.GetTimestamp() });
        }
    }

    /// <summary>An attempt failed by the upstream's fault. False when it was not counted: the same caller's same request had failed before.</summary>
    public bool Failed(in CircuitPass pass, CircuitLimits limits, FailureSource source, string? error)
    {
        Volatile.Write(ref _rateWindow, limits.RateWindow.Ticks);
        var rate = CurrentRate();
        var counted = rate.Failed(source);
        while (true)
        {
            var state = Volatile.Read(ref _state);
            var next = Next(state, pass, rate, limits, source, error);
            if (ReferenceEquals(next, state) || Swap(state, next))
            {
                return counted;
            }
        }
    }

    /// <summary>A failure that is nobody's prompt's: a probe's.</summary>
    public bool Failed(int failures, TimeSpan open) =>
        Failed(StartAnyway(), new CircuitLimits { Failures = failures, Open = open }, FailureSource.Sure, null);

    /// <summary>The attempt ended without telling anything about the upstream (client gone): gives a trial place back.</summary>
    public void Abandoned(in CircuitPass pass)
    {
        if (pass.Trial is State trial)
        {
            Swap(trial, trial with { Phase = CircuitPhase.Open, Until = pass.At });
        }
    }

    /// <summary>Closes it and forgets everything: an operator's word.</summary>
    public void Reset()
    {
        Volatile.Write(ref _rate, null);
        Volatile.Write(ref _state, Untouched with { ChangedAt = time.GetTimestamp() });
    }

    /// <summary>What other replicas should know; null when it never opened, or they told of it themselves.</summary>
    public CircuitRecord? Export()
    {
        var state = Volatile.Read(ref _state);
        if (state.ChangedAt == long.MinValue || state.IsAdopted)
        {
            return null;
        }

        var now = time.GetTimestamp();
        var open = state.Phase != CircuitPhase.Closed;
        return new CircuitRecord(open, Ms(time.GetElapsedTime(state.ChangedAt, now)), Ms(LeftOf(state, now)), state.Level, state.LastError);
    }

    /// <summary>Takes over what another replica says, if that is younger than what is known here.</summary>
    public void Adopt(CircuitRecord record)
    {
        while (true)
        {
            var state = Volatile.Read(ref _state);
            var now = time.GetTimestamp();
            var changed = now - Ticks(TimeSpan.FromMilliseconds(Math.Max(0, record.AgeMs)));
            // What is no longer said (the same record a second time) changes nothing; and closed is what everybody begins with.
            if (changed <= state.ChangedAt + Ticks(TimeSpan.FromMilliseconds(1)) || (!record.Open && state.Phase == CircuitPhase.Closed))
            {
                return;
            }

            var left = TimeSpan.FromMilliseconds(Math.Clamp(record.LeftMs, 0, (long)CircuitLimits.Default.LongestOpen.TotalMilliseconds));
            var next = record.Open
                ? new State(CircuitPhase.Open, changed, changed, now + Ticks(left), Math.Max(1, record.Level), [], record.LastError, IsAdopted: true)
                : Untouched with { ChangedAt = changed, IsAdopted = true };
            if (Swap(state, next))
            {
                return;
            }
        }
    }

    private State Next(State state, in CircuitPass pass, FailureRate rate, CircuitLimits limits, FailureSource source, string? error)
    {
        var now = time.GetTimestamp();
        if (state.Phase != CircuitPhase.Closed)
        {
            // Requests that started before it opened add nothing; nor does one that is sent although it is open.
            return ReferenceEquals(pass.Trial, state) ? Open(state, now, limits, error) : state;
        }

        var failures = new List<Failure>(state.Failures.Length + 1);
        foreach (var failure in state.Failures)
        {
            if (time.GetElapsedTime(failure.At, now) < limits.Window && !failure.Source.IsSameRequest(source))
            {
                failures.Add(failure);
            }
        }

        failures.Add(new Failure(now, source));
        return failures.Count >= limits.Failures || rate.IsTooHigh(limits)
            ? Open(state, now, limits, error)
            : state with { Failures = [.. failures], LastError = error };
    }

    private State Open(State state, long now, CircuitLimits limits, string? error)
    {
        var open = TimeSpan.FromTicks(Math.Min(limits.Open.Ticks << Math.Min(state.Level, 10), limits.LongestOpen.Ticks));
        return new State(CircuitPhase.Open, now, now, now + Ticks(open), state.Level + 1, [], error);
    }

    private FailureRate CurrentRate()
    {
        var rate = Volatile.Read(ref _rate);
        var now = time.GetTimestamp();
        if (rate is not null && time.GetElapsedTime(rate.Start, now).Ticks < Volatile.Read(ref _rateWindow))
        {
            return rate;
        }

        var fresh = new FailureRate(now);
        var found = Interlocked.CompareExchange(ref _rate, fresh, rate);
        return found is null || found == rate ? fresh : found;
    }

    private TimeSpan LeftOf(State state, long now) =>
        state.Phase == CircuitPhase.Closed || now >= state.Until ? TimeSpan.Zero : time.GetElapsedTime(now, state.Until);

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);

    private static long Ms(TimeSpan span) => (long)Math.Max(0, span.TotalMilliseconds);

    private bool Swap(State from, State to) => Interlocked.CompareExchange(ref _state, to, from) == from;

    /// <param name="ChangedAt">When it last opened or closed; the least number: never.</param>
    /// <param name="Until">When open: the end of it; with a trial under way: the end of the trial's lease.</param>
    /// <param name="IsAdopted">Told by another replica: telling it again would make it younger each time.</param>
    private sealed record State(CircuitPhase Phase, long ChangedAt, long OpenedAt, long Until, int Level, Failure[] Failures, string? LastError, bool IsAdopted = false);

    private readonly record struct Failure(long At, FailureSource Source);
}

/// <summary>An attempt's leave to use an upstream; given back with its outcome.</summary>
/// <param name="At">When it was given, as a timestamp.</param>
/// <param name="Trial">Set for the one trial of a half-open circuit.</param>
internal readonly record struct CircuitPass(long At, object? Trial)
{
    public bool IsTrial => Trial is not null;
}

internal enum CircuitPhase
{
    Closed,
    Open,
    HalfOpen,

    /// <summary>Half-open with its one trial under way.</summary>
    Trial,
}
