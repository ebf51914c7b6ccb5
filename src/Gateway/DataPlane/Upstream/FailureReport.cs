namespace AIHigress.Gateway.DataPlane.Upstream;

/// <summary>What the client is told when attempts failed (data-plane.md §9).</summary>
internal static class FailureReport
{
    /// <summary>The error for a request none of whose attempts became an answer.</summary>
    public static GatewayError OfAttempts(IReadOnlyList<AttemptFailure> failures)
    {
        var last = failures[^1];
        if (last.Kind == FailureKind.Rejected)
        {
            return Rejected(last);
        }

        if (last.Kind == FailureKind.ServerEnding)
        {
            return GatewayError.ShuttingDown();
        }

        // A capability that nobody has: the client gets the upstream's own words, they are about its request.
        if (failures.LastOrDefault(f => f.Kind == FailureKind.Unsupported) is { } unsupported && failures.All(f => f.Kind == FailureKind.Unsupported))
        {
            return Rejected(unsupported);
        }

        if (failures.All(f => f.Kind == FailureKind.Proxy))
        {
            return GatewayError.NoProvider("No proxy that this model's providers need can be reached.", TimeSpan.FromSeconds(5));
        }

        var tried = failures.Count == 1 ? "The provider" : $"All {failures.Count} attempts";
        if (failures.All(f => f.Kind == FailureKind.RateLimited))
        {
            return new GatewayError(429, "upstream_rate_limited", $"{tried} answered that too many requests were sent. Send the request again later.")
            {
                RetryAfter = failures.Min(f => f.RetryAfter) is { Ticks: > 0 } wait ? wait : TimeSpan.FromSeconds(1),
            };
        }

        if (failures.All(f => f.Kind is FailureKind.Timeout or FailureKind.RateLimited))
        {
            return new GatewayError(504, "upstream_timeout", $"{tried} did not answer in time. Send the request again, or allow more time with X-Request-Timeout-Ms.");
        }

        return new GatewayError(502, "upstream_failed", $"{tried} failed ({Describe(last)}). Send the request again.");
    }

    /// <summary>The error event of a stream that broke after content was sent.</summary>
    public static GatewayError OfBrokenStream(AttemptFailure failure) => failure.Kind switch
    {
        FailureKind.ServerEnding => GatewayError.ShuttingDown(),
        FailureKind.Timeout => new GatewayError(504, "upstream_timeout", "The provider fell silent in the middle of the answer. Send the request again."),
        FailureKind.UpstreamError or FailureKind.RateLimited => new GatewayError(502, "upstream_failed", $"The provider reported an error in the middle of the answer: {failure.Message}"),
        _ => new GatewayError(502, "upstream_failed", "The provider's answer broke off. Send the request again."),
    };

    private static GatewayError Rejected(AttemptFailure failure) =>
        new(failure.Status ?? 400, "upstream_rejected", failure.Message) { Param = failure.UpstreamParam };

    private static string Describe(AttemptFailure failure) => failure.Kind switch
    {
        FailureKind.Proxy => "no proxy could be reached",
        FailureKind.Network => "no connection, or it broke",
        FailureKind.Timeout => "no answer in time",
        FailureKind.RateLimited => "too many requests",
        FailureKind.Auth => "the provider refused the gateway's own key",
        FailureKind.Malformed => "not a valid answer",
        FailureKind.Unsupported => failure.Message,
        _ => failure.Status is { } status and not 200 ? $"status {status}" : "an error inside the answer",
    };
}
