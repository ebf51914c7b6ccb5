using System.Collections.Concurrent;
using AIHigress.Gateway.DataPlane.Adapters;
using AIHigress.Gateway.DataPlane.Upstream.Proxies;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Providers.Proxies;
using Microsoft.Extensions.Options;
using Microsoft.Security.AntiSSRF;

namespace AIHigress.Gateway.DataPlane.Upstream;

/// <summary>
/// The connections to upstreams. Two classes that share no connection: guarded (refuses private, loopback, link-local
/// and metadata addresses after name resolution, at connect time) and open, only for providers whose private host an
/// administrator or gateway.yaml named. No cookies, no redirects, no ambient proxy: which one is used, the provider says.
/// </summary>
internal sealed class UpstreamTransports(IOptions<DataPlaneOptions> options, IOptions<ProvidersOptions> providers, ProxyPool proxies, ProxiedTransport proxied) : IDisposable
{
    public const int ResponseHeaderKib = 64;

    private readonly ConcurrentDictionary<(bool Open, TimeSpan Connect), Lazy<HttpMessageInvoker>> _invokers = new();

    private readonly Lazy<HttpMessageInvoker> _media = new(() =>
        new HttpMessageInvoker(CreateGuarded(TimeSpan.FromMilliseconds(options.Value.ConnectTimeoutMs), []), disposeHandler: true));

    /// <summary>For addresses that requests name (images, files): no private address is allowed, not even those that providers may use.</summary>
    public HttpMessageInvoker Media => _media.Value;

    /// <summary>For addresses that administrators name outside of providers: private ones only as ALLOWED_PRIVATE_UPSTREAMS says.</summary>
    public HttpMessageInvoker Named => For(isOpen: false, TimeSpan.FromMilliseconds(options.Value.ConnectTimeoutMs));

    /// <summary>Sends on the way that the provider asks for; the request then says which proxy it took.</summary>
    /// <exception cref="ProxyConnectException">No proxy that the provider may use could be reached.</exception>
    public Task<HttpResponseMessage> SendAsync(ProviderRoute provider, UpstreamRequest request, CancellationToken cancellationToken)
    {
        var connect = provider.ConnectTimeout ?? TimeSpan.FromMilliseconds(options.Value.ConnectTimeoutMs);
        var pick = proxies.Pick(provider, request.RequestUri!, []);
        return pick is { IsPossible: true, Proxy: null }
            ? For(provider.AllowPrivateHost, connect).SendAsync(request, cancellationToken)
            : proxied.SendAsync(provider, pick, request, connect, cancellationToken);
    }

    private HttpMessageInvoker For(bool isOpen, TimeSpan connect)
    {
        var key = (isOpen, connect);
        return _invokers.TryGetValue(key, out var known)
            ? known.Value
            : _invokers.GetOrAdd(key, k => new Lazy<HttpMessageInvoker>(() => Create(k.Open, k.Connect))).Value;
    }

    public void Dispose()
    {
        if (_media.IsValueCreated)
        {
            _media.Value.Dispose();
        }

        foreach (var invoker in _invokers.Values)
        {
            if (invoker.IsValueCreated)
            {
                invoker.Value.Dispose();
            }
        }
    }

    private HttpMessageInvoker Create(bool open, TimeSpan connect) =>
        new(open ? (HttpMessageHandler)CreateOpen(connect) : CreateGuarded(connect, AllowedAddresses()), disposeHandler: true);

    private static SocketsHttpHandler CreateOpen(TimeSpan connect) => new()
    {
        ConnectTimeout = connect,
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        EnableMultipleHttp2Connections = true,
        MaxResponseHeadersLength = ResponseHeaderKib,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        ResponseDrainTimeout = TimeSpan.Zero,
    };

    private string[] AllowedAddresses() =>
    [
        .. providers.Value.AllowedPrivateUpstreams
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(entry => System.Net.IPNetwork.TryParse(entry, out _) || System.Net.IPAddress.TryParse(entry, out _)),
    ];

    private static UnspecifiedHosts CreateGuarded(TimeSpan connect, string[] allowed)
    {
        var policy = new AntiSSRFPolicy(PolicyConfigOptions.ExternalOnlyLatest) { AllowPlainTextHttp = true, AddXFFHeader = false };
        if (allowed.Length > 0)
        {
            policy.AddAllowedAddresses(allowed);
        }

        var handler = policy.GetHandler();
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.ConnectTimeout = connect;
        handler.MaxResponseHeadersLength = ResponseHeaderKib;
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
        handler.PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1);
        handler.ResponseDrainTimeout = TimeSpan.Zero;
        return new UnspecifiedHosts(handler);
    }
}
