using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Metering;
using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.DataPlane.Upstream;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.DataPlane.Attempts;

/// <summary>Stages 5 and 6: tries the candidates of a plan until one answers.</summary>
internal sealed class AttemptLoop(
    KeyPool keys, UpstreamSender sender, AttemptFeedback feedback, ShutdownDrain drain, IOptionsMonitor<DataPlaneOptions> options, TimeProvider time)
{
    /// <summary>Tries candidates until one answers. Nothing reaches the client here, so nothing it could notice has failed.</summary>
    public async Task<LiveAttempt> RunAsync(HttpContext context, ExchangeLog log, InboundCall call, RoutePlan plan, SealMaker? maker)
    {
        var settings = options.CurrentValue;
        var failures = new List<AttemptFailure>();
        var usedKeys = new List<Guid>(plan.ClosedKeys);
        var deadline = Deadline(log, call, settings);
        for (var i = 0; i < plan.Candidates.Count && log.Attempts < settings.MaxAttempts;)
        {
            var candidate = plan.Candidates[i];
            var times = AttemptTimes.For(candidate.Upstream, plan.Route, settings);
            var attempt = LiveAttempt.TryStart(candidate, keys, usedKeys, KeyOf(maker, candidate), () => NewClock(context, deadline, times.Total), times, log.ElapsedMs);
            if (attempt is null)
            {
                i++;
                usedKeys = [.. plan.ClosedKeys];
                continue;
            }

            if (await SendAsync(log, call, attempt) is not { } failure)
            {
                return attempt;
            }

            failures.Add(failure);
            var lastKey = attempt.Lease.Key;
            if (!failure.CanFailOver || time.GetTimestamp() >= deadline)
            {
                break;
            }

            if (!MayTryOtherKey(candidate, failure, usedKeys, lastKey?.Id))
            {
                i++;
                usedKeys = [.. plan.ClosedKeys];
            }
        }

        context.RequestAborted.ThrowIfCancellationRequested();

        throw new GatewayErrorException(failures.Count > 0
            ? FailureReport.OfAttempts(failures)
            : GatewayError.NoProvider("Every provider of this model is busy.", TimeSpan.FromSeconds(1)));
    }

    /// <summary>Makes one attempt; null when it became an answer. A failed one has given back what it held.</summary>
    private async Task<AttemptFailure?> SendAsync(ExchangeLog log, InboundCall call, LiveAttempt attempt)
    {
        var answered = false;
        try
        {
            attempt.Reply = await sender.SendAsync(call, attempt.Candidate.Upstream, attempt.Lease.Key, attempt.Times, attempt.Clock, log.RequestId);
            if (attempt.Reply.Failure is { } failure)
            {
                log.AddAttempt(attempt.Candidate, attempt.Lease.Key, attempt.StartMs, null, failure, null);
                feedback.Failed(attempt, failure);
                return failure;
            }

            Answered(log, attempt);
            answered = true;
            return null;
        }
        catch
        {
            // Nothing was learned of the upstream (the request itself can't be converted): a trial place is given back.
            attempt.Candidate.State.Circuit.Abandoned(attempt.Pass);
            throw;
        }
        finally
        {
            if (!answered)
            {
                attempt.Dispose();
            }
        }
    }

    private static void Answered(ExchangeLog log, LiveAttempt attempt)
    {
        log.Served = attempt.Candidate;
        log.ServedKey = attempt.Lease.Key;
        if (attempt.Reply.Stream is not null)
        {
            log.TtftMs = log.ElapsedMs;
            AttemptFeedback.Began(attempt, log.TtftMs.Value - attempt.StartMs);
        }
        else
        {
            AttemptFeedback.Answered(attempt);
            log.AddAttempt(attempt.Candidate, attempt.Lease.Key, attempt.StartMs, null, null, StatusCodes.Status200OK);
        }
    }

    /// <summary>One attempt outside the loop; null when its key or place is taken.</summary>
    public LiveAttempt? TryStart(HttpContext context, ExchangeLog log, InboundCall call, RoutePlan plan, Candidate candidate)
    {
        var settings = options.CurrentValue;
        var times = AttemptTimes.For(candidate.Upstream, plan.Route, settings);
        return LiveAttempt.TryStart(candidate, keys, [], null, () => NewClock(context, Deadline(log, call, settings), times.Total), times, log.ElapsedMs);
    }

    private long Deadline(ExchangeLog log, InboundCall call, DataPlaneOptions settings) =>
        After(log.Started, call.Choices.Timeout ?? TimeSpan.FromMilliseconds(settings.RequestTimeoutMs));

    private AttemptClock NewClock(HttpContext context, long deadline, TimeSpan total) =>
        new(time, Math.Min(deadline, After(time.GetTimestamp(), total)), context.RequestAborted, drain.Ending);

    private long After(long timestamp, TimeSpan span) => timestamp + (long)(span.TotalSeconds * time.TimestampFrequency);

    private static Guid? KeyOf(SealMaker? maker, Candidate candidate) => maker?.Provider == candidate.Upstream.Provider.Id ? maker.Key : null;

    // 401, 403 and 429 are about the key: one more try on another key of the same provider.
    private static bool MayTryOtherKey(Candidate candidate, AttemptFailure failure, List<Guid> usedKeys, Guid? lastKey)
    {
        if (lastKey is not { } id || usedKeys.Count > 0 || candidate.Upstream.Provider.Keys.Count < 2
            || failure.Kind is not (FailureKind.Auth or FailureKind.RateLimited))
        {
            return false;
        }

        usedKeys.Add(id);
        return true;
    }
}
