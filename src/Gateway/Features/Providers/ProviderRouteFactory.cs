using System.Collections.Frozen;
using AIHigress.Gateway.Features.Providers.Hosts;
using AIHigress.Gateway.Features.Providers.Proxies;

namespace AIHigress.Gateway.Features.Providers;

/// <summary>Makes what the data plane uses out of what the database holds.</summary>
internal sealed class ProviderRouteFactory(ProviderSecrets secrets)
{
    /// <param name="provider">The stored provider.</param>
    /// <param name="keys">Its keys in declared order; those that are not active are left out.</param>
    /// <param name="sharedWith">Users who may use it while it is shared.</param>
    public ProviderRoute Create(Provider provider, IEnumerable<ProviderKey> keys, IEnumerable<Guid>? sharedWith = null) => new()
    {
        Id = provider.Id,
        Kind = provider.Kind,
        Region = provider.Region,
        BaseUrl = BaseUrl.Stored(provider.BaseUrl),
        Paths = provider.Paths.ToFrozenDictionary(StringComparer.Ordinal),
        AuthStyle = provider.AuthStyle,
        AuthName = provider.AuthName,
        Headers = [.. provider.Headers],
        Query = [.. provider.Query],
        AllowPrivateHost = provider.AllowPrivateHost,
        Proxy = ProxyChoice.Parse(provider.Proxy) ?? new ProxyChoice(ProxyUse.One),
        ProxyRequired = provider.ProxyRequired,
        Weight = provider.Weight,
        MaxQps = Smaller(provider.MaxQps, provider.LimitQps),
        MaxConcurrency = provider.MaxConcurrency,
        ConnectTimeout = Milliseconds(provider.ConnectTimeoutMs),
        TtftTimeout = Milliseconds(provider.TtftTimeoutMs),
        IdleTimeout = Milliseconds(provider.IdleTimeoutMs),
        TotalTimeout = Milliseconds(provider.TotalTimeoutMs),
        RetryableStatusCodes = provider.RetryableStatusCodes.ToFrozenSet(),
        OwnerId = provider.OwnerId,
        Visibility = provider.Visibility,
        OperationStatus = provider.OperationStatus,
        ReviewStatus = provider.ReviewStatus,
        SharedWith = sharedWith?.ToFrozenSet() ?? FrozenSet<Guid>.Empty,
        Keys = [.. keys.Where(k => k.Status == ProviderKeyStatus.Active).Select(Create).OfType<ProviderKeyRoute>()],
    };

    /// <summary>One key, whatever its status; null when it can't be decrypted.</summary>
    public ProviderKeyRoute? Create(ProviderKey key)
    {
        var secret = secrets.Open(key);
        return secret is null
            ? null
            : new ProviderKeyRoute
            {
                Id = key.Id,
                Label = key.Label,
                Hint = key.Hint,
                Secret = secret,
                Weight = key.Weight,
                MaxQps = key.MaxQps,
                Rpm = key.Rpm,
                Tpm = key.Tpm,
                MaxConcurrency = key.MaxConcurrency,
            };
    }

    private static int? Smaller(int? one, int? other) => one is { } a && other is { } b ? Math.Min(a, b) : one ?? other;

    private static TimeSpan? Milliseconds(int? value) => value is { } ms ? TimeSpan.FromMilliseconds(ms) : null;
}
