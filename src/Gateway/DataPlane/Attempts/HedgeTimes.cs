namespace AIHigress.Gateway.DataPlane.Attempts;

/// <summary>When a second attempt is started beside one that has not spoken.</summary>
internal static class HedgeTimes
{
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
        var p95 = run.Call.Stream ? known.Ttft.P95 : known.Plain.P95;
        return p95 > 0 ? TimeSpan.FromMilliseconds(p95) : null;
    }
}
