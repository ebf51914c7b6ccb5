namespace AIHigress.Gateway.DataPlane.Limits;

/// <summary>Takes claims: over all replicas while Redis answers, else by what this replica knows. No request fails because Redis does.</summary>
internal sealed class LimitCounter(SharedLimits shared)
{
    /// <summary>Takes all of the claim or nothing. Its places were entered in this replica before.</summary>
    /// <returns>What was in the way; null when the claim was taken, to be ended by <see cref="Settle"/>.</returns>
    public ValueTask<LimitRefusal?> TakeAsync(LimitClaim claim)
    {
        if (claim.IsEmpty)
        {
            return ValueTask.FromResult<LimitRefusal?>(null);
        }

        return shared.IsUp ? TakeSharedAsync(claim) : ValueTask.FromResult(TakeHere(claim));
    }

    /// <summary>Gives the places back and corrects the tokens to what was used. Once per taken claim.</summary>
    public void Settle(LimitClaim claim, long tokens)
    {
        shared.Leave(claim);
        foreach (var rate in claim.Rates)
        {
            if (rate.Unit == LimitUnit.Tokens)
            {
                var units = tokens - rate.Units;
                rate.Local.Correct(rate.Rate, units);
                if (claim.IsShared)
                {
                    shared.Correct(rate, units);
                }
            }
        }
    }

    private async ValueTask<LimitRefusal?> TakeSharedAsync(LimitClaim claim)
    {
        var (done, refusal) = await shared.TryTakeAsync(claim);
        if (!done)
        {
            // It may have been taken all the same: the places are given back at the end, the rates are a request short.
            return TakeHere(claim);
        }

        if (refusal is null)
        {
            shared.Hold(claim);
        }

        return refusal;
    }

    private LimitRefusal? TakeHere(LimitClaim claim)
    {
        for (var i = 0; i < claim.Rates.Count; i++)
        {
            var rate = claim.Rates[i];
            var taken = rate.Local.TryTake(rate.Rate, rate.Units, out var view, out var wait);
            rate.View = view;
            if (!taken)
            {
                GiveBack(claim, i);
                shared.Leave(claim);
                return Longest(claim, i, wait);
            }
        }

        shared.Hold(claim);
        return null;
    }

    private static void GiveBack(LimitClaim claim, int taken)
    {
        for (var i = 0; i < taken; i++)
        {
            var rate = claim.Rates[i];
            rate.Local.Correct(rate.Rate, -rate.Units);
        }
    }

    // The client is told the limit that it has to wait for longest.
    private static LimitRefusal Longest(LimitClaim claim, int refused, TimeSpan wait)
    {
        var worst = claim.Rates[refused].Refused(wait);
        for (var i = 0; i < claim.Rates.Count; i++)
        {
            var rate = claim.Rates[i];
            rate.View = rate.Local.Look(rate.Rate);
            if (i > refused && rate.Units > 0 && rate.View.WaitFor(rate.Units) is var other && other > worst.Wait)
            {
                worst = rate.Refused(other);
            }
        }

        return worst;
    }
}
