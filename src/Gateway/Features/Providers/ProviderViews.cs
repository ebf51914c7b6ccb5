using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Providers.Editing;
using AIHigress.Gateway.Features.Providers.Health;

namespace AIHigress.Gateway.Features.Providers;

/// <summary>A secret as it may be shown: that it is there, and its end.</summary>
public sealed record SecretView(bool Set, string? Hint)
{
    public static SecretView Of(string hint) => new(true, hint.Length == 0 ? null : $"…{hint}");
}

/// <summary>Something that is allowed but worth knowing.</summary>
public sealed record Warning(string Code, string Message);

/// <summary>A provider as its viewer may see it: from <see cref="BaseUrl"/> on only for the owner and operators, null for others.</summary>
public sealed record ProviderView
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public string? Description { get; init; }
    public required string[] Tags { get; init; }
    public string? Region { get; init; }
    public required string Kind { get; init; }
    public required ProviderVisibility Visibility { get; init; }
    public required OperationStatus OperationStatus { get; init; }
    public string? StatusBy { get; init; }
    public string? StatusReason { get; init; }
    public DateTimeOffset? StatusSince { get; init; }
    public required ReviewStatus ReviewStatus { get; init; }
    public int? LimitQps { get; init; }

    /// <summary>By its probes and its traffic of the last minutes; unknown until something was seen.</summary>
    public ProviderHealth Health { get; init; }
    public DateTimeOffset? LastProbeAt { get; init; }
    public DateTimeOffset? LastTrafficAt { get; init; }
    public Guid? OwnerId { get; init; }
    public required bool Mine { get; init; }
    public string? ManagedBy { get; init; }
    public required int ModelCount { get; init; }
    public required int Version { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    public string? BaseUrl { get; init; }
    public bool? AllowPrivateHost { get; init; }
    public ProviderAuth? Auth { get; init; }
    public IReadOnlyDictionary<string, string>? Headers { get; init; }
    public IReadOnlyDictionary<string, string>? Query { get; init; }
    public IReadOnlyDictionary<string, string>? Paths { get; init; }
    public int? Weight { get; init; }
    public int? MaxQps { get; init; }
    public int? MaxConcurrency { get; init; }
    public ProviderTimeouts? Timeouts { get; init; }
    public string? Proxy { get; init; }
    public bool? ProxyRequired { get; init; }
    public int[]? RetryableStatusCodes { get; init; }
    public ProbeSettings? Probe { get; init; }
    public ModelDiscovery? Discovery { get; init; }
    public DateTimeOffset? DiscoveredAt { get; init; }
    public string? DiscoveryError { get; init; }
    public IReadOnlyList<ProviderKeyView>? Keys { get; init; }

    /// <summary>Only on the answer to a write.</summary>
    public IReadOnlyList<Warning>? Warnings { get; init; }

    public static ProviderView Of(Provider provider, CurrentUser user, int modelCount, IReadOnlyList<ProviderKey> keys)
    {
        var view = new ProviderView
        {
            Id = provider.Id,
            Name = provider.Name,
            Description = provider.Description,
            Tags = provider.Tags,
            Region = provider.Region,
            Kind = provider.Kind,
            Visibility = provider.Visibility,
            OperationStatus = provider.OperationStatus,
            StatusSince = provider.StatusSince,
            ReviewStatus = provider.ReviewStatus,
            LimitQps = provider.LimitQps,
            Mine = ProviderAccess.IsOwner(user, provider),
            ManagedBy = provider.ManagedBy,
            ModelCount = modelCount,
            Version = provider.Version,
            CreatedAt = provider.CreatedAt,
            UpdatedAt = provider.UpdatedAt,
        };
        return ProviderAccess.SeesDetails(user, provider) ? WithDetails(view, provider, keys) : view;
    }

    public ProviderView With(ProviderHealthState? state) => state is null ? this : this with
    {
        Health = state.Health,
        LastProbeAt = state.LastProbeAt,
        LastTrafficAt = state.LastTrafficAt,
    };

    private static ProviderView WithDetails(ProviderView view, Provider provider, IReadOnlyList<ProviderKey> keys) => view with
    {
        StatusBy = provider.StatusBy,
        StatusReason = provider.StatusReason,
        OwnerId = provider.OwnerId,
        BaseUrl = provider.BaseUrl,
        AllowPrivateHost = provider.AllowPrivateHost,
        Auth = new ProviderAuth(provider.AuthStyle, provider.AuthName),
        Headers = provider.Headers,
        Query = provider.Query,
        Paths = provider.Paths,
        Weight = provider.Weight,
        MaxQps = provider.MaxQps,
        MaxConcurrency = provider.MaxConcurrency,
        Timeouts = new ProviderTimeouts(provider.ConnectTimeoutMs, provider.TtftTimeoutMs, provider.IdleTimeoutMs, provider.TotalTimeoutMs),
        Proxy = provider.Proxy,
        ProxyRequired = provider.ProxyRequired,
        RetryableStatusCodes = provider.RetryableStatusCodes,
        Probe = ProbeMapping.Of(provider),
        Discovery = provider.Discovery,
        DiscoveredAt = provider.DiscoveredAt,
        DiscoveryError = provider.DiscoveryError,
        Keys = [.. keys.Select(ProviderKeyView.Of)],
    };
}

/// <summary>A provider's key without its secret.</summary>
public sealed record ProviderKeyView(
    Guid Id,
    string Label,
    SecretView Key,
    double Weight,
    int? MaxQps,
    int? Rpm,
    long? Tpm,
    int? MaxConcurrency,
    ProviderKeyStatus Status,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static ProviderKeyView Of(ProviderKey key) =>
        new(key.Id, key.Label, SecretView.Of(key.Hint), key.Weight, key.MaxQps, key.Rpm, key.Tpm, key.MaxConcurrency, key.Status, key.CreatedAt, key.UpdatedAt);
}
