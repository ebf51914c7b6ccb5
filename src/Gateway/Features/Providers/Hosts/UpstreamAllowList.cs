using System.Globalization;
using System.Net;

namespace AIHigress.Gateway.Features.Providers.Hosts;

/// <summary>What ALLOWED_PRIVATE_UPSTREAMS and ALLOWED_UPSTREAM_PORTS say: which private hosts and which ports users' providers may name.</summary>
internal sealed class UpstreamAllowList
{
    private readonly HashSet<string> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<IPNetwork> _networks = [];

    public required IReadOnlyList<int> Ports { get; init; }

    public static UpstreamAllowList Parse(ProvidersOptions options)
    {
        var list = new UpstreamAllowList
        {
            Ports = [.. Split(options.AllowedUpstreamPorts)
                .Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0)
                .Where(port => port > 0)],
        };
        foreach (var entry in Split(options.AllowedPrivateUpstreams))
        {
            if (IPNetwork.TryParse(entry, out var network))
            {
                list._networks.Add(network);
            }
            else
            {
                list._hosts.Add(entry.Trim('[', ']'));
            }
        }

        return list;
    }

    /// <summary>True when the host itself, name or address, is listed.</summary>
    public bool NamesHost(string host) => _hosts.Contains(host.Trim('[', ']'));

    /// <summary>True when the address is on the internet, listed, or within a listed network.</summary>
    public bool Covers(IPAddress address) =>
        AddressClass.Of(address) == AddressReach.Public
        || _hosts.Contains(address.ToString())
        || _networks.Exists(network => network.Contains(address));

    private static string[] Split(string text) =>
        text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
