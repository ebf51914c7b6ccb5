using AIHigress.Gateway.DataPlane.Metering;
using AIHigress.Gateway.DataPlane.Replicas;
using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.DataPlane.Routing.Circuits;
using AIHigress.Gateway.DataPlane.Upstream;
using AIHigress.Gateway.Features.Models.Policies;
using AIHigress.Gateway.Features.Providers.Keys;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.DataPlane.Attempts;

/// <summary>Tells circuit, measurements and key what an attempt showed of them.</summary>
internal sealed class AttemptFeedback(IProviderKeyReports reports, ReplicaSignal replicas, RoutingPolicies policies, IOptionsMonitor<DataPlaneOptions> options)
{
    /// <summary>A stream has its first output; whether it comes to its end is still open.</summary>
    public static void Began(LiveAttempt attempt, int ttftMs)
    {
        attempt.Candidate.State.Circuit.Began(attempt.Pass);
        attempt.Candidate.State.Measured.AddTtft(ttftMs);
    }

    /// <summary>An answer came to its end.</summary>
    public static void Answered(LiveAttempt attempt, ExchangeLog log)
    {
        attempt.Candidate.State.Circuit.Succeeded(attempt.Pass, CallerOf(log));
        attempt.Candidate.State.Measured.AddSuccess();
        attempt.Lease.State?.Succeeded();
    }

    /// <summary>
    /// Another attempt was faster. That is no failure, but it shows how slow this one is at least: what it would have taken is not known.
    /// </summary>
    public static void Overtaken(LiveAttempt attempt, int elapsedMs, bool isStream)
    {
        attempt.Candidate.State.Circuit.Abandoned(attempt.Pass);
        if (attempt.Role == AttemptRoles.Hedge)
        {
            // It began later; that it had not answered says nothing.
            return;
        }

        if (isStream)
        {
            attempt.Candidate.State.Measured.AddTtft(elapsedMs);
        }
        else
        {
            attempt.Candidate.State.Measured.AddPlain(elapsedMs);
        }
    }

    public void Failed(LiveAttempt attempt, ExchangeLog log, AttemptFailure failure)
    {
        replicas.Touched(attempt.Candidate.Upstream.Key, attempt.Lease.Key?.Id);
        var state = attempt.Candidate.State;
        if (failure.IsUpstreamFault)
        {
            // The circuit does not take one prompt's repeated failures for the upstream's; its share of the traffic falls with each.
            state.Circuit.Failed(attempt.Pass, Limits(), SourceOf(log, failure), failure.Message);
            state.Measured.AddFailure();

            if (failure.RetryAfter is { Ticks: > 0 } wait)
            {
                // Not our guess: the upstream says itself when to come again.
                attempt.Lease.State?.RateLimited(wait, failure.Message);
            }

            return;
        }

        state.Circuit.Abandoned(attempt.Pass);
        switch (failure.Kind)
        {
            case FailureKind.TooSlow:
                state.Measured.AddFailure();
                break;
            case FailureKind.RateLimited:
                state.Measured.AddFailure();
                attempt.Lease.State?.RateLimited(failure.RetryAfter, failure.Message);
                break;
            case FailureKind.Auth:
                Refused(attempt, failure);
                break;
        }
    }

    private void Refused(LiveAttempt attempt, AttemptFailure failure)
    {
        attempt.Candidate.State.Measured.AddFailure(fatal: true);
        // 402 is about the account's money: the key is right.
        var isCredential = failure.Status != StatusCodes.Status402PaymentRequired;
        if (attempt.Lease is { Key: { } key, State: { } state } && state.Refused(isCredential, failure.Message))
        {
            reports.Invalid(attempt.Candidate.Upstream.Provider.Id, key.Id, failure.Message);
        }
    }

    private CircuitLimits Limits()
    {
        var (policy, settings) = (policies.Current.Circuit, options.CurrentValue);
        return new CircuitLimits
        {
            Failures = policy.Failures ?? settings.FailureThreshold,
            Window = TimeSpan.FromSeconds(policy.WindowSeconds),
            Rate = policy.Rate,
            RateMinimum = policy.RateMinimum,
            RateWindow = TimeSpan.FromSeconds(policy.RateWindowSeconds),
            Open = TimeSpan.FromSeconds(policy.OpenSeconds ?? settings.FailureCooldownSeconds),
            LongestOpen = TimeSpan.FromSeconds(policy.LongestOpenSeconds),
        };
    }

    private static FailureSource SourceOf(ExchangeLog log, AttemptFailure failure)
    {
        if (failure.IsSure || log.Call is not { } call)
        {
            return FailureSource.Sure;
        }

        var request = default(HashCode);
        request.AddBytes(call.Body.Span);
        return new FailureSource(CallerOf(log), request.ToHashCode(), IsSure: false);
    }

    // Never 0 nor −1, which have meanings of their own; two callers that share a number count as one.
    private static int CallerOf(ExchangeLog log) => ((log.Caller?.KeyId ?? log.Caller?.UserId)?.GetHashCode() ?? 2) & 0x7FFFFFFE | 2;
}
