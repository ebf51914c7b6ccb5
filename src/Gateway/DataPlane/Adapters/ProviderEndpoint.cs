using System.Runtime.CompilerServices;
using AIHigress.Gateway.Features.Providers;

namespace AIHigress.Gateway.DataPlane.Adapters;

/// <summary>A provider's addresses, composed once per published provider: base URL + path + query.</summary>
internal sealed class ProviderEndpoint
{
    private static readonly ConditionalWeakTable<ProviderRoute, ProviderEndpoint> Known = new();

    private readonly string _base;
    private readonly string _query;

    private ProviderEndpoint(ProviderRoute provider)
    {
        _base = provider.BaseUrl.AbsoluteUri.TrimEnd('/');
        _query = string.Join('&', provider.Query.Select(q => $"{Uri.EscapeDataString(q.Key)}={Uri.EscapeDataString(q.Value)}"));
        Uri Address(string name, string usualPath) => Compose(provider.Paths.TryGetValue(name, out var own) ? own : usualPath);
        ChatCompletions = Address(ProviderPaths.ChatCompletions, "/chat/completions");
        Models = Address(ProviderPaths.Models, "/models");
        Responses = Address(ProviderPaths.Responses, "/responses");
        Messages = Address(ProviderPaths.Messages, "/messages");
        CountTokens = Address(ProviderPaths.CountTokens, "/messages/count_tokens");
        Embeddings = Address(ProviderPaths.Embeddings, "/embeddings");
        Completions = Address(ProviderPaths.Completions, "/completions");
    }

    public Uri ChatCompletions { get; }

    public Uri Models { get; }

    public Uri Responses { get; }

    public Uri Messages { get; }

    public Uri CountTokens { get; }

    public Uri Embeddings { get; }

    public Uri Completions { get; }

    public static ProviderEndpoint Of(ProviderRoute provider) => Known.GetValue(provider, static p => new ProviderEndpoint(p));

    /// <summary>An address that depends on the request.</summary>
    /// <param name="path">Starts with a slash; already escaped.</param>
    /// <param name="query">Without its question mark, already escaped; null for none.</param>
    public Uri Compose(string path, string? query = null)
    {
        var all = _query.Length > 0 && query is not null ? $"{_query}&{query}" : query ?? _query;
        return new Uri(all.Length > 0 ? $"{_base}{path}?{all}" : _base + path);
    }

    /// <summary>The request with the provider's headers and credential; the caller's own headers never reach an upstream.</summary>
    public static UpstreamRequest NewRequest(HttpMethod method, Uri uri, ProviderRoute provider, ProviderKeyRoute? key)
    {
        var request = new UpstreamRequest(method, WithQueryKey(uri, provider, key))
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
            request.Headers.TryAddWithoutValidation("Authorization", key.Bearer);
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
}
