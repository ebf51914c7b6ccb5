using System.Runtime.CompilerServices;
using AIHigress.Gateway.Features.Providers;

namespace AIHigress.Gateway.DataPlane.Adapters;

/// <summary>A provider's addresses, composed once per published provider: base URL + path + query.</summary>
internal sealed class ProviderEndpoint
{
    private static readonly ConditionalWeakTable<ProviderRoute, ProviderEndpoint> Known = new();

    private ProviderEndpoint(ProviderRoute provider)
    {
        ChatCompletions = Compose(provider, "chat_completions", "/chat/completions");
        Models = Compose(provider, "models", "/models");
    }

    public Uri ChatCompletions { get; }

    public Uri Models { get; }

    public static ProviderEndpoint Of(ProviderRoute provider) => Known.GetValue(provider, static p => new ProviderEndpoint(p));

    /// <summary>The request with the provider's headers and credential; the caller's own headers never reach an upstream.</summary>
    public static HttpRequestMessage NewRequest(HttpMethod method, Uri uri, ProviderRoute provider, ProviderKeyRoute? key)
    {
        var request = new HttpRequestMessage(method, WithQueryKey(uri, provider, key))
        {
            Version = System.Net.HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrHigher,
        };
        request.Headers.TryAddWithoutValidation("User-Agent", "AI-Higress-Gateway");
        foreach (var (name, value) in provider.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (key is not null && provider.AuthStyle == ProviderAuthStyle.Bearer)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key.Secret);
        }
        else if (key is not null && provider.AuthStyle == ProviderAuthStyle.Header)
        {
            request.Headers.TryAddWithoutValidation(provider.AuthName ?? "x-api-key", key.Secret);
        }

        return request;
    }

    private static Uri WithQueryKey(Uri uri, ProviderRoute provider, ProviderKeyRoute? key)
    {
        if (key is null || provider.AuthStyle != ProviderAuthStyle.Query)
        {
            return uri;
        }

        var separator = uri.Query.Length > 0 ? "&" : "?";
        return new Uri($"{uri.AbsoluteUri}{separator}{Uri.EscapeDataString(provider.AuthName ?? "key")}={Uri.EscapeDataString(key.Secret)}");
    }

    private static Uri Compose(ProviderRoute provider, string name, string usualPath)
    {
        var path = provider.Paths.TryGetValue(name, out var own) ? own : usualPath;
        var address = provider.BaseUrl.AbsoluteUri.TrimEnd('/') + path;
        if (provider.Query.Count > 0)
        {
            address += "?" + string.Join('&', provider.Query.Select(q => $"{Uri.EscapeDataString(q.Key)}={Uri.EscapeDataString(q.Value)}"));
        }

        return new Uri(address);
    }
}
