using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.DataPlane.Upstream;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.DataPlane.Attempts;

/// <summary>Tells circuit, measurements and key what an attempt showed of them.</summary>
internal sealed class AttemptFeedback(ReplicaSignal replicas, IOptionsMonitor<DataPlaneOptions> options)
{
    /// <summary>A stream has its first output; whether it comes to its end is still open.</summary>
    public static void Began(LiveAttempt attempt, int ttftMs)
    {
        attempt.Candidate.State.Circuit.Began(attempt.Pass);
        attempt.Candidate.State.Measured.AddTtft(ttftMs);
    }

    /// <summary>An answer came to its end.</summary>
    public static void Answered(LiveAttempt attempt)
    {
        attempt.Candidate.State.Circuit.Succeeded(attempt.Pass, 2);
        attempt.Candidate.State.Measured.AddSuccess();
        attempt.Lease.State?.Succeeded();
    }

    public void Failed(LiveAttempt attempt, AttemptFailure failure)
    {
        replicas.Touched(attempt.Candidate.Upstream.Key, attempt.Lease.Key?.Id);
        var state = attempt.Candidate.State;
        if (failure.IsUpstreamFault)
        {
            var settings = options.CurrentValue;
            state.Measured.AddFailure();
            var limits = CircuitLimits.Default with { Failures = settings.FailureThreshold, Open = TimeSpan.FromSeconds(settings.FailureCooldownSeconds) };
            state.Circuit.Failed(attempt.Pass, limits, FailureSource.Sure, failure.Message);
            return;
        }

        state.Circuit.Abandoned(attempt.Pass);
        if (failure.Kind == FailureKind.RateLimited)
        {
            state.Measured.AddFailure();
            attempt.Lease.State?.RateLimited(failure.RetryAfter);
        }
        else if (failure.Kind == FailureKind.Auth)
        {
            attempt.Lease.State?.Refused();
        }
    }
}
