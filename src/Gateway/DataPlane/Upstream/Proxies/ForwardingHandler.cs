using System.Net;
using AIHigress.Gateway.Features.Providers.Proxies;

namespace AIHigress.Gateway.DataPlane.Upstream.Proxies;

/// <summary>For plain http upstreams behind http(s) proxies: the request names the whole address and the proxy forwards it (RFC 9112 §3.2.2); many proxies open tunnels to port 443 only.</summary>
internal sealed class ForwardingHandler(HttpMessageHandler inner, ProxyRoute proxy, Action<ProxyRoute, string> failed) : DelegatingHandler(inner)
{
    private const string Authorization = "Proxy-Authorization";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        if (proxy.Username.Length > 0)
        {
            request.Headers.TryAddWithoutValidation(Authorization, HttpTunnel.Credentials(proxy));
        }

        try
        {
            response = await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            // The next try with this request may go another way, where these would reach the upstream.
            request.Headers.Remove(Authorization);
        }

        if (response.StatusCode != HttpStatusCode.ProxyAuthenticationRequired)
        {
            return response;
        }

        response.Dispose();
        failed(proxy, "refused");
        throw new ProxyConnectException("The proxy refused its user name or password.", isProxysFault: true);
    }
}

/// <summary>Tells the handler that all goes through a proxy; who that is, the dialer knows.</summary>
internal sealed class OneProxy(ProxyRoute proxy) : IWebProxy
{
    private readonly Uri _address = new($"http://{proxy.Name}");

    public ICredentials? Credentials { get; set; }

    public Uri GetProxy(Uri destination) => _address;

    public bool IsBypassed(Uri host) => false;
}
