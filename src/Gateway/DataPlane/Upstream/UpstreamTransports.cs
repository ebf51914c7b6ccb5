using System.Collections.Concurrent;
using AIHigress.Gateway.Features.Providers;
using Microsoft.Extensions.Options;
using Microsoft.Security.AntiSSRF;

namespace AIHigress.Gateway.DataPlane.Upstream;

/// <summary>
/// The connections to upstreams. Two classes that share no connection: guarded (refuses private, loopback, link-local
/// and metadata addresses after name resolution, at connect time) and open, only for providers whose private host an
/// administrator or gateway.yaml named. No cookies, no redirects, no ambient proxy.
/// </summary>
internal sealed class UpstreamTransports(IOptions<DataPlaneOptions> options, IOptions<ProvidersOptions> providers) : IDisposable
{
    private const int ResponseHeaderKib = 64;

    private readonly ConcurrentDictionary<(bool Open, TimeSpan Connect), Lazy<HttpMessageInvoker>> _invokers = new();

    private readonly Lazy<HttpMessageInvoker> _media = new(() =>
        new HttpMessageInvoker(CreateGuarded(TimeSpan.FromMilliseconds(options.Value.ConnectTimeoutMs), []), disposeHandler: true));

    /// <summary>For addresses that requests name (images, files): no private address is allowed, not even those that providers may use.</summary>
    public HttpMessageInvoker Media => _media.Value;

    public HttpMessageInvoker For(ProviderRoute provider)
    {
        var connect = provider.ConnectTimeout ?? TimeSpan.FromMilliseconds(options.Value.ConnectTimeoutMs);
        var key = (provider.AllowPrivateHost, connect);
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
