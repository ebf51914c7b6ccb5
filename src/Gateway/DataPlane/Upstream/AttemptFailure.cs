namespace AIHigress.Gateway.DataPlane.Upstream;

/// <summary>Why an attempt did not become an answer, and what follows from it.</summary>
/// <param name="Kind">Whose fault it is and what it means for circuit, key and client.</param>
/// <param name="Status">The upstream's HTTP status; null when none arrived.</param>
/// <param name="Message">Scrubbed; never a key or an address.</param>
/// <param name="RetryAfter">What the upstream asked for.</param>
internal sealed record AttemptFailure(FailureKind Kind, int? Status, string Message, TimeSpan? RetryAfter = null)
{
    /// <summary>OpenAI's type and code of a rejected request, passed on.</summary>
    public string? UpstreamParam { get; init; }

    /// <summary>No prompt can have caused it: there was no connection at all.</summary>
    public bool IsSure { get; init; }

    /// <summary>The name that logs use.</summary>
    public string Category => Kind switch
    {
        FailureKind.Network => "network",
        FailureKind.Timeout => "timeout",
        FailureKind.UpstreamError => "upstream_error",
        FailureKind.RateLimited => "rate_limited",
        FailureKind.Auth => "auth",
        FailureKind.Rejected => "rejected",
        FailureKind.Unsupported => "unsupported",
        FailureKind.Malformed => "malformed",
        FailureKind.TooSlow => "too_slow",
        FailureKind.Overtaken => "hedge_lost",
        _ => "canceled",
    };

    /// <summary>Whether another candidate may still answer.</summary>
    public bool CanFailOver => Kind is not (FailureKind.Rejected or FailureKind.Overtaken or FailureKind.ClientGone or FailureKind.ServerEnding);

    /// <summary>Whether it counts against the upstream's circuit and error rate.</summary>
    public bool IsUpstreamFault => Kind is FailureKind.Network or FailureKind.Timeout or FailureKind.UpstreamError or FailureKind.Malformed;
}

internal enum FailureKind
{
    /// <summary>No connection, a reset, an answer that breaks off.</summary>
    Network,
    Timeout,

    /// <summary>408, 409, 425, 5xx, an error inside a 200, and the provider's own list.</summary>
    UpstreamError,

    /// <summary>429.</summary>
    RateLimited,

    /// <summary>401, 402, 403: our key, not the client's request.</summary>
    Auth,

    /// <summary>Another 4xx: about the request, so the client gets it.</summary>
    Rejected,

    /// <summary>400 or 422 saying that this upstream lacks a capability.</summary>
    Unsupported,

    /// <summary>Not the protocol: garbage, truncated, empty.</summary>
    Malformed,

    /// <summary>It speaks more slowly than the model's guard allows.</summary>
    TooSlow,

    /// <summary>Another attempt of the same request spoke first.</summary>
    Overtaken,
    ClientGone,
    ServerEnding,
}
