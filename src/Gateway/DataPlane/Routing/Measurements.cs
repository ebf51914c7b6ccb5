using AIHigress.Gateway.Features.Models.Policies;

namespace AIHigress.Gateway.DataPlane.Routing;

/// <summary>
/// What real traffic showed of one upstream: errors, time to first token, speed, and the weight that this makes of the
/// given one. Each sample's weight halves every two minutes. What other replicas saw is added when it is read.
/// Updated by compare-and-swap of an immutable state, so that no request waits for another.
/// </summary>
internal sealed class Measurements(TimeProvider time, RoutingPolicies? policies = null)
{
    /// <summary>A plain answer is judged by its whole duration: five times the norm of a stream's first token.</summary>
    public const double PlainNorm = 5;

    private readonly RoutingPolicies _policies = policies ?? new RoutingPolicies();
    private State _state = State.Untouched;
    private Remote _remote = Remote.Silent;

    /// <summary>All samples since the process started, without decay; those of other replicas, too.</summary>
    public long Samples => Volatile.Read(ref _state).Sums.Samples + Volatile.Read(ref _remote).Sums.Samples;

    /// <summary>Those of this process.</summary>
    public long OwnSamples => Volatile.Read(ref _state).Sums.Samples;

    /// <summary>0…1; 0 while nothing is known. Says nothing of how old that is: see <see cref="Reading.Confidence"/>.</summary>
    public double ErrorRate => Read().ErrorRate;

    /// <summary>Estimated 95th percentile in milliseconds; 0 while nothing is known.</summary>
    public double TtftP95Ms => Read().Ttft.P95;

    /// <summary>Of streams; 0 while nothing is known.</summary>
    public double TokensPerSecond => Read().TokensPerSecond;

    /// <summary>The dynamic weight, in parts of the given one.</summary>
    public double WeightFactor => Read().WeightFactor;

    public Reading Read() => Read(_policies.Current.DynamicWeights);

    /// <summary>Everything at one time; allocates nothing.</summary>
    public Reading Read(DynamicWeightPolicy weights)
    {
        var state = Volatile.Read(ref _state);
        var remote = Volatile.Read(ref _remote).Sums;
        if (ReferenceEquals(state, State.Untouched) && remote.Samples == 0)
        {
            return new Reading(default, 0, state.WeightFactor);
        }

        var now = time.GetTimestamp();
        var elapsed = time.GetElapsedTime(state.Sums.At, now);
        var keep = DecayedSums.Keep(elapsed);
        var sums = state.Sums.Faded(keep, now);
        var confidence = sums.Samples > 0 ? keep : 0;
        if (remote.Samples > 0)
        {
            var keepRemote = DecayedSums.Keep(time.GetElapsedTime(remote.At, now));
            sums = sums.Plus(remote.Faded(keepRemote, now));
            confidence = Math.Max(confidence, keepRemote);
        }

        return new Reading(sums, confidence, DynamicWeight.Faded(state.WeightFactor, elapsed, weights));
    }

    public void AddSuccess() => Add(Sample.Success, 0);

    /// <param name="fatal">A person must cure it (a refused key): another try will not.</param>
    public void AddFailure(bool fatal = false) => Add(fatal ? Sample.FatalFailure : Sample.Failure, 0);

    /// <summary>The first token of a stream, which is no sample yet: it may still break.</summary>
    public void AddTtft(double ms) => Add(Sample.Ttft, ms);

    /// <summary>The duration of a plain answer, beside its success.</summary>
    public void AddPlain(double ms) => Add(Sample.Plain, ms);

    /// <summary>The speed of a stream from its first token to its end, beside its success.</summary>
    public void AddSpeed(double tokensPerSecond) => Add(Sample.Speed, tokensPerSecond);

    /// <summary>What this process saw, for other replicas.</summary>
    public MeasurementsSnapshot Export()
    {
        var sums = Volatile.Read(ref _state).Sums;
        return sums.ToSnapshot(time.GetElapsedTime(sums.At).TotalMilliseconds);
    }

    /// <summary>Replaces what other replicas saw; one snapshot of each.</summary>
    public void SetRemote(IReadOnlyList<MeasurementsSnapshot> snapshots)
    {
        var now = time.GetTimestamp();
        var youngest = double.MaxValue;
        foreach (var snapshot in snapshots)
        {
            youngest = Math.Min(youngest, snapshot.AgeMs);
        }

        var all = new DecayedSums { At = now - (long)(Math.Max(0, snapshots.Count > 0 ? youngest : 0) / 1000 * time.TimestampFrequency) };
        foreach (var snapshot in snapshots)
        {
            var sums = DecayedSums.Of(snapshot);
            all = all.Plus(sums.Faded(DecayedSums.Keep(TimeSpan.FromMilliseconds(snapshot.AgeMs - youngest)), all.At));
        }

        Volatile.Write(ref _remote, new Remote(all));
    }

    private void Add(Sample sample, double value)
    {
        var policy = _policies.Current;
        while (true)
        {
            var old = Volatile.Read(ref _state);
            var now = time.GetTimestamp();
            var elapsed = time.GetElapsedTime(old.Sums.At, now);
            var sums = old.Sums.Faded(DecayedSums.Keep(elapsed), now);
            var factor = DynamicWeight.Faded(old.WeightFactor, elapsed, policy.DynamicWeights);
            var next = new State(Counted(sums, sample, value, policy.TtftNormMs), DynamicWeight.After(factor, sample, policy.DynamicWeights));
            if (Interlocked.CompareExchange(ref _state, next, old) == old)
            {
                return;
            }
        }
    }

    private static DecayedSums Counted(DecayedSums sums, Sample sample, double value, double ttftNorm) => sample switch
    {
        Sample.Success => sums with { Weight = sums.Weight + 1, Samples = sums.Samples + 1 },
        Sample.Failure or Sample.FatalFailure => sums with { Weight = sums.Weight + 1, Errors = sums.Errors + 1, Samples = sums.Samples + 1 },
        Sample.Ttft => sums with { Ttft = sums.Ttft.With(value), Slow = sums.Slow + (value > ttftNorm ? 1 : 0) },
        Sample.Plain => sums with { Plain = sums.Plain.With(value), Slow = sums.Slow + (value > ttftNorm * PlainNorm ? 1 : 0) },
        _ => sums with { Speed = sums.Speed.With(value) },
    };

    private sealed record State(DecayedSums Sums, double WeightFactor)
    {
        // Shared: a large table has many upstreams that no request ever went to.
        public static readonly State Untouched = new(default, 1);
    }

    private sealed record Remote(DecayedSums Sums)
    {
        public static readonly Remote Silent = new(default(DecayedSums));
    }
}

/// <summary>What one event tells of an upstream.</summary>
internal enum Sample
{
    Success,
    Failure,
    FatalFailure,
    Ttft,
    Plain,
    Speed,
}

/// <summary>What is known of an upstream at one time.</summary>
/// <param name="Sums">Of this process and, if they told, of the others.</param>
/// <param name="Confidence">1 right after a sample, halving every two minutes without one; 0 while there was none.</param>
/// <param name="WeightFactor">The dynamic weight, in parts of the given one.</param>
internal readonly record struct Reading(DecayedSums Sums, double Confidence, double WeightFactor)
{
    public double ErrorRate => Sums.Weight < 1e-6 ? 0 : Sums.Errors / Sums.Weight;

    public Spread Ttft => Sums.Ttft;

    public Spread Plain => Sums.Plain;

    public double TokensPerSecond => Sums.Speed.Mean;

    public long Samples => Sums.Samples;

    /// <summary>Answers that came in time, decayed.</summary>
    public double InTime => Math.Max(0, Sums.Weight - Missed);

    /// <summary>Failures and late answers, decayed.</summary>
    public double Missed => Sums.Errors + Sums.Slow;
}
