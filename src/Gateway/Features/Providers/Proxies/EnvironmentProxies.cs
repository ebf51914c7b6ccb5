using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Providers.Proxies;

/// <summary>HTTP_PROXY, HTTPS_PROXY and NO_PROXY. This machine itself is never asked for through a proxy.</summary>
internal sealed class EnvironmentProxies
{
    private readonly ProxyRoute? _http;
    private readonly ProxyRoute? _https;
    private readonly bool _none;
    private readonly List<(string Domain, int? Port)> _domains = [];
    private readonly List<IPNetwork> _networks = [];

    public EnvironmentProxies(IOptions<UpstreamProxyOptions> options)
    {
        _http = Read(options.Value.HttpProxy);
        _https = Read(options.Value.HttpsProxy);
        foreach (var entry in options.Value.NoProxy.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (IPNetwork.TryParse(entry, out var network))
            {
                _networks.Add(network);
            }
            else if (entry == "*")
            {
                _none = true;
            }
            else
            {
                _domains.Add(Domain(entry));
            }
        }
    }

    /// <summary>The proxy for this address; null when it is called directly.</summary>
    public ProxyRoute? For(Uri target)
    {
        var proxy = target.Scheme == Uri.UriSchemeHttps ? _https : _http;
        return proxy is null || _none || target.IsLoopback || IsExcepted(target) ? null : proxy;
    }

    private bool IsExcepted(Uri target)
    {
        var host = target.IdnHost.Trim('[', ']').TrimEnd('.');
        if (IPAddress.TryParse(host, out var address) && _networks.Exists(network => network.Contains(address)))
        {
            return true;
        }

        return _domains.Exists(entry =>
            (entry.Port is null || entry.Port == target.Port)
            && (host.Equals(entry.Domain, StringComparison.OrdinalIgnoreCase)
                || (host.Length > entry.Domain.Length && host[^(entry.Domain.Length + 1)] == '.' && host.EndsWith(entry.Domain, StringComparison.OrdinalIgnoreCase))));
    }

    private static (string, int?) Domain(string entry)
    {
        var colon = entry.LastIndexOf(':');
        var hasPort = colon > 0 && !IPAddress.TryParse(entry, out _) && int.TryParse(entry[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out _);
        var domain = (hasPort ? entry[..colon] : entry).TrimStart('*').TrimStart('.').Trim('[', ']');
        return (domain, hasPort ? int.Parse(entry.AsSpan(colon + 1), CultureInfo.InvariantCulture) : null);
    }

    // No row of the pool: an id of its own would make it look like one.
    private static ProxyRoute? Read(string? text) => string.IsNullOrWhiteSpace(text) ? null : ProxyAddress.Parse(text.Trim())! with { Id = Guid.Empty };
}
