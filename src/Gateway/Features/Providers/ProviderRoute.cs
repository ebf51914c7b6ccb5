using System.Collections.Frozen;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Providers.Proxies;

namespace AIHigress.Gateway.Features.Providers;

/// <summary>A provider as the data plane uses it: parsed, decrypted, immutable.</summary>
public sealed class ProviderRoute
{
    public required string Id { get; init; }
    public required string Kind { get; init; }
    public string? Region { get; init; }

    /// <summary>Absolute, without a trailing slash; endpoints are appended (architecture.md §5).</summary>
    public required Uri BaseUrl { get; init; }
    public FrozenDictionary<string, string> Paths { get; init; } = FrozenDictionary<string, string>.Empty;
    public ProviderAuthStyle AuthStyle { get; init; }
    public string? AuthName { get; init; }
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];
    public bool AllowPrivateHost { get; init; }

    /// <summary>Which way its calls go; what users may not see past, and never their choice per call.</summary>
    public ProxyChoice Proxy { get; init; }

    /// <summary>Never called directly, not even when the environment names no proxy for it.</summary>
    public bool ProxyRequired { get; init; }
    public double Weight { get; init; } = 1;

    /// <summary>The smaller of what its owner and its reviewer allow.</summary>
    public int? MaxQps { get; init; }
    public int? MaxConcurrency { get; init; }
    public TimeSpan? ConnectTimeout { get; init; }
    public TimeSpan? TtftTimeout { get; init; }
    public TimeSpan? IdleTimeout { get; init; }
    public TimeSpan? TotalTimeout { get; init; }
    public FrozenSet<int> RetryableStatusCodes { get; init; } = FrozenSet<int>.Empty;
    public Guid? OwnerId { get; init; }
    public ProviderVisibility Visibility { get; init; }
    public OperationStatus OperationStatus { get; init; }
    public ReviewStatus ReviewStatus { get; init; } = ReviewStatus.Approved;

    /// <summary>Users who may use it while it is shared.</summary>
    public FrozenSet<Guid> SharedWith { get; init; } = FrozenSet<Guid>.Empty;

    /// <summary>Usable keys in declared order; empty for auth style none, and then no credential is sent.</summary>
    public IReadOnlyList<ProviderKeyRoute> Keys { get; init; } = [];

    /// <summary>A private or shared one needs nobody's approval.</summary>
    public bool IsApproved => Visibility != ProviderVisibility.Public || ReviewStatus is ReviewStatus.Approved or ReviewStatus.ApprovedLimited;

    /// <summary>Everybody's, the user's own, or shared with the user; whatever its status.</summary>
    public bool IsOpenTo(Guid? user) =>
        Visibility == ProviderVisibility.Public
        || (user is { } id && (OwnerId == id || (Visibility == ProviderVisibility.Shared && SharedWith.Contains(id))));

    /// <summary>Whether the caller may know that it is there.</summary>
    public bool IsVisibleTo(ApiCaller caller) =>
        OperationStatus != OperationStatus.Offline && IsApproved && IsOpenTo(caller.UserId) && caller.MayUseProvider(Id);

    // Kept by the data plane: what moves of this provider, found once instead of at each plan.
    internal object? State { get; set; }
}

/// <summary>One usable credential of a provider. Secret is plaintext: never logged, never serialized.</summary>
public sealed class ProviderKeyRoute
{
    public required Guid Id { get; init; }
    public required string Label { get; init; }
    public required string Hint { get; init; }
    public required string Secret { get; init; }

    /// <summary>The value of an Authorization header, made once.</summary>
    internal string Bearer => field ??= "Bearer " + Secret;
    public double Weight { get; init; } = 1;
    public int? MaxQps { get; init; }

    /// <summary>Requests per minute.</summary>
    public int? Rpm { get; init; }

    /// <summary>Tokens per minute.</summary>
    public long? Tpm { get; init; }
    public int? MaxConcurrency { get; init; }

    // Kept by the data plane, as for its provider.
    internal object? State { get; set; }

    public override string ToString() => $"{Label} (…{Hint})";
}
