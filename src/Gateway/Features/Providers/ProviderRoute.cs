using System.Collections.Frozen;
using AIHigress.Gateway.Features.Identity;

namespace AIHigress.Gateway.Features.Providers;

/// <summary>A provider as the data plane uses it: parsed, decrypted, immutable.</summary>
public sealed class ProviderRoute
{
    public required string Id { get; init; }
    public required string Kind { get; init; }

    /// <summary>Absolute, without a trailing slash; endpoints are appended (architecture.md §5).</summary>
    public required Uri BaseUrl { get; init; }
    public FrozenDictionary<string, string> Paths { get; init; } = FrozenDictionary<string, string>.Empty;
    public ProviderAuthStyle AuthStyle { get; init; }
    public string? AuthName { get; init; }
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];
    public bool AllowPrivateHost { get; init; }
    public double Weight { get; init; } = 1;
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

    /// <summary>Usable keys in declared order; empty for auth style none, and then no credential is sent.</summary>
    public IReadOnlyList<ProviderKeyRoute> Keys { get; init; } = [];

    public bool IsVisibleTo(ApiCaller caller) =>
        (Visibility == ProviderVisibility.Public || (OwnerId is not null && OwnerId == caller.UserId))
        && caller.MayUseProvider(Id);
}

/// <summary>One usable credential of a provider. Secret is plaintext: never logged, never serialized.</summary>
public sealed class ProviderKeyRoute
{
    public required Guid Id { get; init; }
    public required string Label { get; init; }
    public required string Hint { get; init; }
    public required string Secret { get; init; }
    public double Weight { get; init; } = 1;
    public int? MaxQps { get; init; }

    /// <summary>Requests per minute.</summary>
    public int? Rpm { get; init; }

    /// <summary>Tokens per minute.</summary>
    public long? Tpm { get; init; }
    public int? MaxConcurrency { get; init; }

    public override string ToString() => $"{Label} (…{Hint})";
}
