using System.Net;
using System.Net.Sockets;
using Microsoft.Security.AntiSSRF;

namespace AIHigress.Gateway.Features.Providers.Hosts;

/// <summary>How far an address may be trusted with a call that somebody else named.</summary>
internal enum AddressReach
{
    /// <summary>On the internet.</summary>
    Public,

    /// <summary>Loopback, a private network or another special range.</summary>
    Private,

    /// <summary>Link-local and cloud metadata: nobody's AI provider, and never called.</summary>
    Forbidden,
}

/// <summary>Sorts addresses by the ranges of the SSRF library, so that there is one list of them.</summary>
internal static class AddressClass
{
    private static readonly IPNetwork[] Forbidden =
        Networks(IPAddressRanges.imds, IPAddressRanges.wireserver, IPAddressRanges.linkLocal, IPAddressRanges.unspecified, IPAddressRanges.multicast, IPAddressRanges.broadcast);

    private static readonly IPNetwork[] Special = Networks(IPAddressRanges.recommendedLatest);

    public static AddressReach Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return Contains(Forbidden, address) ? AddressReach.Forbidden
            : Contains(Special, address) ? AddressReach.Private
            : AddressReach.Public;
    }

    private static bool Contains(IPNetwork[] networks, IPAddress address)
    {
        foreach (var network in networks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    private static IPNetwork[] Networks(params string[][] ranges) =>
        [.. ranges.SelectMany(range => range).Distinct().Select(Parse)];

    private static IPNetwork Parse(string range)
    {
        if (range.Contains('/', StringComparison.Ordinal))
        {
            return IPNetwork.Parse(range);
        }

        var address = IPAddress.Parse(range);
        return new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
    }
}
