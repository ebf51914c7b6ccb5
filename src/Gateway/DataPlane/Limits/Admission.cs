namespace AIHigress.Gateway.DataPlane.Limits;

/// <summary>
/// What a request holds of its caller's limits: places, and units of rates. Ended exactly once, by <see cref="Settle"/> with
/// the tokens that it used, or by disposal, which means none.
/// </summary>
internal sealed class Admission(LimitCounter? counter) : IDisposable
{
    /// <summary>Of callers without limits: holds nothing.</summary>
    public static readonly Admission Unlimited = new(null);

    private readonly List<LimitSubject> _entered = [];
    private int _settled;

    /// <summary>All that the caller's limits are asked for.</summary>
    public LimitClaim Claim { get; } = new();

    /// <summary>The claim was taken.</summary>
    public bool IsTaken { get; set; }

    /// <summary>There is nothing to ask and nothing to give back.</summary>
    public bool IsUnlimited => counter is null;

    /// <summary>Of the rates of requests the one with the fewest left; null without any.</summary>
    public RateView? Requests => Tightest(LimitUnit.Requests);

    /// <summary>The same of tokens.</summary>
    public RateView? Tokens => Tightest(LimitUnit.Tokens);

    /// <summary>The place in this replica; given back at the end.</summary>
    public void Entered(LimitSubject subject) => _entered.Add(subject);

    /// <summary>Gives back what is held. Only the first call does anything.</summary>
    /// <param name="tokens">What the request really used.</param>
    public void Settle(long tokens)
    {
        if (counter is null || Interlocked.Exchange(ref _settled, 1) != 0)
        {
            return;
        }

        foreach (var subject in _entered)
        {
            subject.Leave();
        }

        if (IsTaken)
        {
            counter.Settle(Claim, tokens);
        }
    }

    public void Dispose() => Settle(0);

    private RateView? Tightest(LimitUnit unit)
    {
        RateView? tightest = null;
        foreach (var claim in Claim.Rates)
        {
            if (claim.Unit == unit && (tightest is not { } other || claim.View.Remaining < other.Remaining))
            {
                tightest = claim.View;
            }
        }

        return tightest;
    }
}
