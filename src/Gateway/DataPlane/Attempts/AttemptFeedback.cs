using AIHigress.Gateway.DataPlane.Upstream;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.DataPlane.Attempts;

/// <summary>Tells circuit, measurements and key what an attempt showed of them.</summary>
internal sealed class AttemptFeedback(IOptionsMonitor<DataPlaneOptions> options)
{
    /// <summary>A stream has its first output; whether it comes to its end is still open.</summary>
    public static void Began(Routing.Candidate candidate, int ttftMs)
    {
        candidate.State.Circuit.Began();
        candidate.State.Measured.AddTtft(ttftMs);
    }

    /// <summary>An answer came to its end.</summary>
    public static void Answered(Routing.Candidate candidate, Routing.KeyLease lease)
    {
        candidate.State.Circuit.Succeeded();
        candidate.State.Measured.AddSuccess();
        lease.State?.Succeeded();
    }

    public void Failed(Routing.Candidate candidate, Routing.KeyLease lease, AttemptFailure failure)
    {
        if (failure.IsUpstreamFault)
        {
            var settings = options.CurrentValue;
            candidate.State.Measured.AddFailure();
            candidate.State.Circuit.Failed(settings.FailureThreshold, TimeSpan.FromSeconds(settings.FailureCooldownSeconds));
            return;
        }

        candidate.State.Circuit.Abandoned();
        if (failure.Kind == FailureKind.RateLimited)
        {
            candidate.State.Measured.AddFailure();
            lease.State?.RateLimited(failure.RetryAfter);
        }
        else if (failure.Kind == FailureKind.Auth)
        {
            candidate.State.Measured.AddFailure(fatal: true);
            lease.State?.Refused();
        }
    }
}
