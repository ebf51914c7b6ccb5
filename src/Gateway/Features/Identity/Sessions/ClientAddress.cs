using System.Net;
using System.Net.Sockets;

namespace AIHigress.Gateway.Features.Identity.Sessions;

/// <summary>Where a request comes from, after the forwarded headers of trusted proxies were applied.</summary>
internal static class ClientAddress
{
    /// <summary>The address as it is shown and stored; null when there is none (in-process calls).</summary>
    public static string? Of(HttpContext context) => Plain(context)?.ToString();

    /// <summary>What limits count by: an IPv4 address, or the /64 that one IPv6 customer has to himself.</summary>
    public static string LimitKey(HttpContext context)
    {
        var address = Plain(context);
        if (address is not { AddressFamily: AddressFamily.InterNetworkV6 })
        {
            return address?.ToString() ?? "local";
        }

        var bytes = address.GetAddressBytes();
        return Convert.ToHexString(bytes.AsSpan(0, 8));
    }

    private static IPAddress? Plain(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress;
        return address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
    }
}
