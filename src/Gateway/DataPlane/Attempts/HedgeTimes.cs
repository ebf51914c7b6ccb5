namespace AIHigress.Gateway.DataPlane.Attempts;

/// <summary>When a second attempt is started beside one that has not spoken.</summary>
internal static class HedgeTimes
{
    private const double FewestSamples = 5;

    // Below that a second attempt would mostly answer a pause of the scheduler.
    private const double ShortestMs = 50;

    /// <summary>Null: never, or nothing is known yet of the upstream's own time.</summary>
    public static TimeSpan? Of(AttemptRun run, LiveAttempt attempt)
    {
        if (run.Plan.Route is not { HedgeAfter: { IsOn: true } hedge } || !run.MayGoOn)
        {
            return null;
        }

        if (hedge.Fixed is { } wait)
        {
            return wait;
        }

        // A plain answer comes when all of it is made: it has a time of its own.
        var known = attempt.Candidate.State.Measured.Read();
        var times = run.Call.Stream ? known.Ttft : known.Plain;
        return times.Weight >= FewestSamples ? TimeSpan.FromMilliseconds(Math.Max(ShortestMs, times.P95)) : null;
    }
}
