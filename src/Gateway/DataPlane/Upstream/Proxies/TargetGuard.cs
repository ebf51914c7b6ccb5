using System.Net;
using System.Net.Sockets;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Providers.Hosts;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.DataPlane.Upstream.Proxies;

/// <summary>
/// The address behind a name, checked. The guard of direct connections can't see past a proxy, so what a user named is
/// looked up here, and the proxy is given the address that was checked: it has no name to look up differently.
/// </summary>
internal sealed class TargetGuard(INameResolver names, IOptions<ProvidersOptions> options)
{
    private readonly UpstreamAllowList _allowed = UpstreamAllowList.Parse(options.Value);

    /// <exception cref="HttpRequestException">One of its addresses is private and not allowed, or it has none.</exception>
    public async ValueTask<IPAddress> CheckedAsync(string host, CancellationToken cancellationToken)
    {
        var addresses = await AddressesAsync(host, cancellationToken);
        var named = _allowed.NamesHost(host);
        foreach (var address in addresses)
        {
            if (AddressClass.Of(address) == AddressReach.Forbidden || !(named || _allowed.Covers(address)))
            {
                throw new HttpRequestException(HttpRequestError.ConnectionError, "The upstream's address is private and not allowed.");
            }
        }

        return addresses[0];
    }

    /// <summary>Any address of a name.</summary>
    public async ValueTask<IPAddress> AnyAsync(string host, CancellationToken cancellationToken) => (await AddressesAsync(host, cancellationToken))[0];

    private async ValueTask<IReadOnlyList<IPAddress>> AddressesAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host.Trim('[', ']'), out var literal))
        {
            return [literal];
        }

        try
        {
            return await names.ResolveAsync(host, cancellationToken) is { Count: > 0 } found ? found : throw new SocketException((int)SocketError.NoData);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            throw new HttpRequestException(HttpRequestError.NameResolutionError, "The upstream's name has no address.", e);
        }
    }
}
