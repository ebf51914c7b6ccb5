using AIHigress.Gateway.DataPlane.Adapters;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Providers.Proxies;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.DataPlane.Upstream.Proxies;

/// <summary>Sends through proxies. A proxy that can't be reached is replaced by another within the same attempt.</summary>
internal sealed class ProxiedTransport(ProxyPool pool, ProxiedHandlers handlers, IOptionsMonitor<UpstreamProxyOptions> options)
{
    /// <exception cref="ProxyConnectException">No proxy that the provider may use could be reached.</exception>
    /// <exception cref="HttpRequestException">As of a direct connection.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        ProviderRoute provider, ProxyPick first, UpstreamRequest request, TimeSpan connect, CancellationToken cancellationToken)
    {
        var tried = new List<ProxyRoute>(1);
        ProxyRoute? suspect = null;
        ProxyConnectException? fault = null;
        for (var pick = first; ; pick = tried.Count <= options.CurrentValue.MaxRetries ? pool.Pick(provider, request.RequestUri!, tried) : ProxyPick.None)
        {
            if (pick.Proxy is not { } proxy)
            {
                throw fault ?? new ProxyConnectException("No proxy that this provider may use works at the moment.", isProxysFault: true);
            }

            request.Proxy = proxy.Name;
            var handler = handlers.Take(HandlerClass.Of(proxy, provider.AllowPrivateHost, connect, request.RequestUri!));
            try
            {
                var response = await handler.Invoker.SendAsync(request, cancellationToken);
                if (suspect is not null)
                {
                    // The upstream could be reached, so it was the proxy.
                    pool.Failed(suspect, "refused");
                }

                return response;
            }
            catch (Exception e) when (ProxyConnectException.Of(e) is { } found)
            {
                fault = found;
                suspect = found.IsProxysFault ? suspect : proxy;
                tried.Add(proxy);
            }
            finally
            {
                handler.Leave();
            }
        }
    }
}
