namespace AIHigress.Gateway.DataPlane.Routing;

/// <summary>Sums in which each sample's weight halves every two minutes. Immutable.</summary>
internal readonly record struct DecayedSums
{
    public static readonly TimeSpan HalfLife = TimeSpan.FromMinutes(2);

    public double Weight { get; init; }

    public double Errors { get; init; }

    public double Slow { get; init; }

    public Spread Ttft { get; init; }

    public Spread Plain { get; init; }

    public Spread Speed { get; init; }

    public long Samples { get; init; }

    /// <summary>Timestamp of the newest sample, which the sums are as of.</summary>
    public long At { get; init; }

    public static double Keep(TimeSpan elapsed) => elapsed.Ticks <= 0 ? 1 : Math.Pow(0.5, (double)elapsed.Ticks / HalfLife.Ticks);

    /// <summary>The sums as of a later time.</summary>
    public DecayedSums Faded(double keep, long at) => this with
    {
        Weight = Weight * keep,
        Errors = Errors * keep,
        Slow = Slow * keep,
        Ttft = Ttft.Times(keep),
        Plain = Plain.Times(keep),
        Speed = Speed.Times(keep),
        At = at,
    };

    /// <summary>Both together; of sums as of the same time.</summary>
    public DecayedSums Plus(DecayedSums other) => this with
    {
        Weight = Weight + other.Weight,
        Errors = Errors + other.Errors,
        Slow = Slow + other.Slow,
        Ttft = Ttft.Plus(other.Ttft),
        Plain = Plain.Plus(other.Plain),
        Speed = Speed.Plus(other.Speed),
        Samples = Samples + other.Samples,
    };

    public static DecayedSums Of(MeasurementsSnapshot snapshot) => new()
    {
        Weight = snapshot.Weight,
        Errors = snapshot.Errors,
        Slow = snapshot.Slow,
        Ttft = new Spread(snapshot.TtftWeight, snapshot.Ttft, snapshot.TtftSquared),
        Plain = new Spread(snapshot.PlainWeight, snapshot.Plain, snapshot.PlainSquared),
        Speed = new Spread(snapshot.TokensPerSecondWeight, snapshot.TokensPerSecond, 0),
        Samples = snapshot.Samples,
    };

    public MeasurementsSnapshot ToSnapshot(double ageMs) => new()
    {
        Weight = Weight,
        Errors = Errors,
        Slow = Slow,
        TtftWeight = Ttft.Weight,
        Ttft = Ttft.Sum,
        TtftSquared = Ttft.Squares,
        PlainWeight = Plain.Weight,
        Plain = Plain.Sum,
        PlainSquared = Plain.Squares,
        TokensPerSecondWeight = Speed.Weight,
        TokensPerSecond = Speed.Sum,
        Samples = Samples,
        AgeMs = ageMs,
    };
}

/// <summary>A weighted sum and sum of squares.</summary>
internal readonly record struct Spread(double Weight, double Sum, double Squares)
{
    // 1e-6: what is left of one sample after 40 minutes is no knowledge.
    private const double Nothing = 1e-6;

    public bool IsKnown => Weight >= Nothing;

    /// <summary>0 while nothing is known.</summary>
    public double Mean => IsKnown ? Sum / Weight : 0;

    /// <summary>Estimated 95th percentile: mean + 1.645 standard deviations; 0 while nothing is known.</summary>
    public double P95
    {
        get
        {
            var mean = Mean;
            return IsKnown ? mean + (1.645 * Math.Sqrt(Math.Max(0, (Squares / Weight) - (mean * mean)))) : 0;
        }
    }

    public Spread Times(double keep) => new(Weight * keep, Sum * keep, Squares * keep);

    public Spread Plus(Spread other) => new(Weight + other.Weight, Sum + other.Sum, Squares + other.Squares);

    public Spread With(double value) => new(Weight + 1, Sum + value, Squares + (value * value));
}
