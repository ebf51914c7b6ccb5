using AIHigress.Gateway.DataPlane.Upstream;

namespace AIHigress.Gateway.DataPlane.Attempts;

/// <summary>
/// Two attempts of one request: the second begins when the first has been silent for a while, and the first to speak wins. The other is
/// ended at its upstream at once; it is no failure of that upstream, and nobody pays for it.
/// </summary>
internal sealed class HedgeRace(AttemptFeedback feedback, TimeProvider time)
{
    private static readonly AttemptFailure TooSlow = new(FailureKind.TooSlow, StatusCodes.Status200OK, "The upstream speaks more slowly than the model allows.");

    /// <param name="run">The request's way through its plan.</param>
    /// <param name="first">The attempt that may turn out slow.</param>
    /// <param name="wait">How long it may be silent.</param>
    /// <param name="send">Makes an attempt; it has its reply afterwards, or has given everything back and thrown.</param>
    public async Task<AttemptOutcome> RunAsync(AttemptRun run, LiveAttempt first, TimeSpan wait, Func<LiveAttempt, Task> send)
    {
        var sending = send(first);
        if (await SpokeWithinAsync(sending, wait) || run.Next(AttemptRoles.Hedge, c => c != first.Candidate) is not { } second)
        {
            await sending;
            return Settle(run, first, feedback) is { } reason ? new AttemptOutcome(null, reason) : Choose(run, first, feedback);
        }

        run.IsHedged = true;
        // The loser may still be sending when the request is over: its bytes must outlive it.
        run.Call.KeepBody();
        var sendingSecond = send(second);
        await Task.WhenAny(sending, sendingSecond);
        return sending.IsCompleted
            ? await ChooseAsync(run, (first, sending), (second, sendingSecond))
            : await ChooseAsync(run, (second, sendingSecond), (first, sending));
    }

    /// <summary>What a finished attempt means for log, circuit and key; null when it is an answer. A failed one has given back what it held.</summary>
    public static AttemptFailure? Settle(AttemptRun run, LiveAttempt attempt, AttemptFeedback feedback)
    {
        if (attempt.Reply.Failure is not { } failure)
        {
            return null;
        }

        run.Log.AddAttempt(attempt, failure, null);
        feedback.Failed(attempt, run.Log, failure);
        run.MayTryOtherKey(attempt, failure);
        attempt.Dispose();
        return failure;
    }

    /// <summary>An answer, unless it is too slow and others may be faster: then it is kept in case they are not.</summary>
    public static AttemptOutcome Choose(AttemptRun run, LiveAttempt attempt, AttemptFeedback feedback)
    {
        if (attempt.Reply.Stream is not { IsTooSlow: true })
        {
            return new AttemptOutcome(attempt, null);
        }

        if (run.Slow is null)
        {
            attempt.Clock.Pause();
            run.Slow = attempt;
        }
        else
        {
            // One is enough to fall back on, and the earlier has more of its answer.
            GiveUp(run, attempt, feedback);
        }

        return new AttemptOutcome(null, TooSlow);
    }

    /// <summary>Ends an attempt that is too slow, and for which another has been found.</summary>
    public static void GiveUp(AttemptRun run, LiveAttempt attempt, AttemptFeedback feedback)
    {
        run.Log.AddAttempt(attempt, TooSlow, null, Waste.Of(run.Call, attempt.Reply));
        feedback.Failed(attempt, run.Log, TooSlow);
        attempt.Dispose();
    }

    private async Task<bool> SpokeWithinAsync(Task sending, TimeSpan wait)
    {
        using var timer = new CancellationTokenSource();
        await Task.WhenAny(sending, Task.Delay(wait, time, timer.Token));
        await timer.CancelAsync();
        return sending.IsCompleted;
    }

    private async Task<AttemptOutcome> ChooseAsync(AttemptRun run, (LiveAttempt Attempt, Task Sending) early, (LiveAttempt Attempt, Task Sending) late)
    {
        AttemptOutcome outcome;
        try
        {
            await early.Sending;
            outcome = Settle(run, early.Attempt, feedback) is { } failure ? new AttemptOutcome(null, failure) : Choose(run, early.Attempt, feedback);
        }
        catch
        {
            Overtake(run, late.Attempt, late.Sending);
            throw;
        }

        if (outcome.Failure is { Kind: FailureKind.ClientGone or FailureKind.ServerEnding })
        {
            // That ends the other as well.
            await late.Sending;
        }

        if (outcome.Answer is not null || !outcome.Failure!.CanFailOver)
        {
            if (!late.Sending.IsCompletedSuccessfully || Settle(run, late.Attempt, feedback) is null)
            {
                Overtake(run, late.Attempt, late.Sending);
            }

            return outcome;
        }

        run.Failures.Add(outcome.Failure);
        await late.Sending;
        return Settle(run, late.Attempt, feedback) is { } second ? new AttemptOutcome(null, second) : Choose(run, late.Attempt, feedback);
    }

    private static void Overtake(AttemptRun run, LiveAttempt attempt, Task sending)
    {
        var waste = sending.IsCompletedSuccessfully ? Waste.Of(run.Call, attempt.Reply) : Waste.OfPrompt(run.Call);
        attempt.Clock.Overtake();
        run.Log.AddAttempt(attempt, new AttemptFailure(FailureKind.Overtaken, null, "Another attempt spoke first."), null, waste);
        AttemptFeedback.Overtaken(attempt, run.Log.ElapsedMs - attempt.StartMs, run.Call.Stream);
        _ = GiveBackAsync(attempt, sending);
    }

    private static async Task GiveBackAsync(LiveAttempt attempt, Task sending)
    {
        // Its outcome is of no interest; what it holds is given back when nothing of it runs any more.
        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        attempt.Dispose();
    }
}
