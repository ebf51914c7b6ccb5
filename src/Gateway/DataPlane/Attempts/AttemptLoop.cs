using AIHigress.Gateway.DataPlane.Adapters;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Metering;
using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.DataPlane.Upstream;
using AIHigress.Gateway.DataPlane.Upstream.Taps;
using AIHigress.Gateway.Features.Models.Policies;
using AIHigress.Wire;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.DataPlane.Attempts;

/// <summary>
/// Stages 5 and 6: tries the candidates of a plan until one answers.
/// <code>
/// next candidate ─▶ send ─▶ answer ───────────────────────▶ done
///       ▲            │  └─ silent for hedge_after ─▶ a second beside it; the first to speak wins
///       │            ├─ too slow: kept, in case nobody is left
///       └── failed ──┘
/// </code>
/// </summary>
internal sealed class AttemptLoop(
    KeyPool keys,
    UpstreamSender sender,
    AttemptFeedback feedback,
    RoutingPolicies policies,
    ShutdownDrain drain,
    IOptionsMonitor<DataPlaneOptions> options,
    TimeProvider time)
{
    private readonly HedgeRace _race = new(feedback, time);

    /// <summary>Tries candidates until one answers. Nothing reaches the client here, so nothing it could notice has failed.</summary>
    public async Task<LiveAttempt> RunAsync(HttpContext context, ExchangeLog log, InboundCall call, RoutePlan plan, SealMaker? maker)
    {
        var run = new AttemptRun(log, call, plan, maker, MostAttempts(), NewStarter(context, log, call, plan));
        try
        {
            while (await run.NextAsync() is { } attempt)
            {
                AttemptOutcome outcome;
                if (!run.IsHedged && HedgeTimes.Of(run, attempt) is { } wait)
                {
                    outcome = await RaceAsync(run, attempt, wait);
                }
                else
                {
                    await SendAsync(OrderOf(run, attempt), attempt);
                    outcome = HedgeRace.Settle(run, attempt, feedback) is { } failure ? new AttemptOutcome(null, failure) : HedgeRace.Choose(run, attempt, feedback);
                }

                if (outcome.Answer is { } answer)
                {
                    return Answered(run, answer);
                }

                run.Failures.Add(outcome.Failure!);
                if (!outcome.Failure!.CanFailOver || time.GetTimestamp() >= run.Deadline)
                {
                    break;
                }
            }

            context.RequestAborted.ThrowIfCancellationRequested();
            if (run.Slow is { } slow && !drain.Ending.IsCancellationRequested)
            {
                // A slow answer is better than none.
                slow.Note = "slow, but nobody else was left";
                run.Slow = null;
                return Answered(run, slow);
            }
        }
        finally
        {
            GiveUpSlow(run);
        }

        throw new GatewayErrorException(run.Failures.Count > 0
            ? FailureReport.OfAttempts(run.Failures)
            : GatewayError.NoProvider("Every provider of this model is busy.", TimeSpan.FromSeconds(1)));
    }

    /// <summary>Has the next candidates go on with an answer that broke off; null when none can.</summary>
    /// <param name="broken">The attempt that died; it has been settled.</param>
    /// <param name="answer">The client's side of the answer.</param>
    public async Task<LiveAttempt?> ContinueAsync(LiveAttempt broken, ContinuedAnswer answer)
    {
        if (broken.Run is not { } run)
        {
            return null;
        }

        while (time.GetTimestamp() < run.Deadline && await run.NextAsync(AttemptRoles.Continuation, CanGoOn) is { } attempt)
        {
            var order = OrderOf(run, attempt) with { MayBeContinued = true, Continues = answer, MinCharsPerSecond = null };
            try
            {
                await SendAsync(order, attempt);
            }
            catch (GatewayErrorException)
            {
                // The request can't be put into this provider's words; the client has an answer to get its end of.
                continue;
            }

            if (HedgeRace.Settle(run, attempt, feedback) is not { } failure)
            {
                return Answered(run, attempt);
            }

            if (!failure.CanFailOver)
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>One attempt outside the loop; null when its key or place is taken.</summary>
    public async ValueTask<LiveAttempt?> TryStartAsync(HttpContext context, ExchangeLog log, InboundCall call, RoutePlan plan, Candidate candidate) =>
        (await NewStarter(context, log, call, plan).TryStartAsync(candidate, [], null, anyCircuit: false, null, null)).Attempt;

    // A method of its own: its closure is made only for requests that race.
    private Task<AttemptOutcome> RaceAsync(AttemptRun run, LiveAttempt attempt, TimeSpan wait) =>
        _race.RunAsync(run, attempt, wait, other => SendAsync(OrderOf(run, other), other));

    // What the attempt holds is given back when the request itself turns out to be at fault.
    private async Task SendAsync(AttemptOrder order, LiveAttempt attempt)
    {
        try
        {
            attempt.Reply = await sender.SendAsync(order);
        }
        catch
        {
            attempt.Candidate.State.Circuit.Abandoned(attempt.Pass);
            attempt.Dispose();
            throw;
        }
    }

    private static AttemptOrder OrderOf(AttemptRun run, LiveAttempt attempt) =>
        new(run.Call, attempt.Candidate.Upstream, attempt.Lease.Key, attempt.Times, attempt.Clock, run.Log.RequestId)
        {
            MinCharsPerSecond = run.Plan.Route?.ThroughputGuard.MinCharsPerSecond,
            MayBeContinued = run.Plan.Route?.Continuation == true && ContinuedAnswer.Suits(run.Call),
        };

    private LiveAttempt Answered(AttemptRun run, LiveAttempt attempt)
    {
        GiveUpSlow(run);
        var log = run.Log;
        log.Served = attempt.Candidate;
        log.ServedKey = attempt.Lease.Key;
        log.Lease = attempt.Lease;
        if (attempt.Reply.Stream is not null)
        {
            var ttft = log.ElapsedMs;
            log.TtftMs ??= ttft;
            attempt.TtftMs = ttft - attempt.StartMs;
            AttemptFeedback.Began(attempt, attempt.TtftMs.Value);
        }
        else
        {
            AttemptFeedback.Answered(attempt, log);
            attempt.Candidate.State.Measured.AddPlain(log.ElapsedMs - attempt.StartMs);
            log.AddAttempt(attempt, null, StatusCodes.Status200OK);
        }

        return attempt;
    }

    private void GiveUpSlow(AttemptRun run)
    {
        if (run.Slow is not { } slow)
        {
            return;
        }

        run.Slow = null;
        HedgeRace.GiveUp(run, slow, feedback);
    }

    private int MostAttempts() => policies.Current.Attempts ?? options.CurrentValue.MaxAttempts;

    private AttemptStarter NewStarter(HttpContext context, ExchangeLog log, InboundCall call, RoutePlan plan) =>
        new(log, call, plan.Route, options.CurrentValue, policies.Current.Timeouts, keys, time, context.RequestAborted, drain.Ending);

    // The Responses API has no place for the beginning of an answer.
    private static bool CanGoOn(Candidate candidate) =>
        UpstreamAdapters.Of(candidate.Upstream.Provider).Protocol is WireProtocol.Chat or WireProtocol.Messages or WireProtocol.Gemini;
}

/// <summary>Either an attempt that is an answer, or why there is none.</summary>
internal readonly record struct AttemptOutcome(LiveAttempt? Answer, AttemptFailure? Failure);
