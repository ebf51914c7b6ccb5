namespace AIHigress.Gateway.Features.Providers.Proxies;

/// <summary>Uses proxies and their lists outside of client traffic; implemented by the data plane's connections.</summary>
internal interface IProxyClient
{
    /// <summary>Asks for an address through a proxy, over a new connection. Never throws for a proxy that fails.</summary>
    Task<ProxyCheck> CheckAsync(ProxyRoute proxy, Uri address, HttpMethod method, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Reads a remote list of proxies, guarded against private addresses.</summary>
    /// <exception cref="ProxyListException">It could not be read, or is none.</exception>
    Task<string> ReadListAsync(Uri address, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken);
}

/// <param name="Ok">The address answered, through the proxy, with anything but a server error.</param>
/// <param name="Ms">How long it took, milliseconds.</param>
/// <param name="Error">Short text; names neither the address nor credentials.</param>
internal readonly record struct ProxyCheck(bool Ok, int Ms, string? Error);

/// <summary>A proxy list could not be read; the message names neither its address nor its headers.</summary>
internal sealed class ProxyListException(string message) : Exception(message);
