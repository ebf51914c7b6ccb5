using System.Collections.Frozen;
using AIHigress.Gateway.Features.Providers.Hosts;

namespace AIHigress.Gateway.Features.Providers;

/// <summary>Makes what the data plane uses out of what the database holds.</summary>
internal sealed class ProviderRouteFactory(ProviderSecrets secrets)
{
    /// <param name="provider">The stored provider.</param>
    /// <param name="keys">Its keys in declared order; those that are not active are left out.</param>
    public ProviderRoute Create(Provider provider, IEnumerable<ProviderKey> keys) => new()
    {
        Id = provider.Id,
        Kind = provider.Kind,
        BaseUrl = BaseUrl.Stored(provider.BaseUrl),
        Paths = provider.Paths.ToFrozenDictionary(StringComparer.Ordinal),
        AuthStyle = provider.AuthStyle,
        AuthName = provider.AuthName,
        Headers = [.. provider.Headers],
        Query = [.. provider.Query],
        AllowPrivateHost = provider.AllowPrivateHost,
        Weight = provider.Weight,
        MaxQps = provider.MaxQps,
        MaxConcurrency = provider.MaxConcurrency,
        ConnectTimeout = Milliseconds(provider.ConnectTimeoutMs),
        TtftTimeout = Milliseconds(provider.TtftTimeoutMs),
        IdleTimeout = Milliseconds(provider.IdleTimeoutMs),
        TotalTimeout = Milliseconds(provider.TotalTimeoutMs),
        RetryableStatusCodes = provider.RetryableStatusCodes.ToFrozenSet(),
        OwnerId = provider.OwnerId,
        Visibility = provider.Visibility,
        OperationStatus = provider.OperationStatus,
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

    private static TimeSpan? Milliseconds(int? value) => value is { } ms ? TimeSpan.FromMilliseconds(ms) : null;
}
