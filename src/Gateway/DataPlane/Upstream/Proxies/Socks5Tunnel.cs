using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AIHigress.Gateway.Features.Providers.Proxies;

namespace AIHigress.Gateway.DataPlane.Upstream.Proxies;

/// <summary>SOCKS 5 (RFC 1928) with user name and password (RFC 1929).</summary>
internal static class Socks5Tunnel
{
    private const byte Version = 5;
    private const byte NoAuthentication = 0;
    private const byte UsernamePassword = 2;

    /// <summary>Greeting and sign-in: everything that is between us and the proxy alone.</summary>
    public static async ValueTask GreetAsync(Stream stream, ProxyRoute proxy, CancellationToken cancellationToken)
    {
        byte[] greeting = proxy.Username.Length > 0 ? [Version, 2, NoAuthentication, UsernamePassword] : [Version, 1, NoAuthentication];
        await stream.WriteAsync(greeting, cancellationToken);
        var answer = new byte[2];
        await stream.ReadExactlyAsync(answer, cancellationToken);
        if (answer[0] != Version)
        {
            throw new ProxyConnectException("The proxy does not speak SOCKS 5.", isProxysFault: true);
        }

        switch (answer[1])
        {
            case NoAuthentication:
                return;
            case UsernamePassword when proxy.Username.Length > 0:
                await SignInAsync(stream, proxy, cancellationToken);
                return;
            default:
                throw new ProxyConnectException("The proxy asks for a user name and password.", isProxysFault: true);
        }
    }

    /// <summary>Has the proxy connect to a name, or to an address.</summary>
    public static async ValueTask OpenAsync(Stream stream, string host, int port, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Request(host, port), cancellationToken);
        var head = new byte[4];
        await stream.ReadExactlyAsync(head, cancellationToken);
        if (head[0] != Version)
        {
            throw new ProxyConnectException("The proxy does not speak SOCKS 5.", isProxysFault: true);
        }

        if (head[1] != 0)
        {
            throw new ProxyConnectException($"The proxy could not connect (SOCKS reply {head[1]}).", isProxysFault: false);
        }

        var rest = head[3] switch
        {
            1 => 4,
            4 => 16,
            3 => await ReadByteAsync(stream, cancellationToken),
            _ => throw new ProxyConnectException("The proxy does not speak SOCKS 5.", isProxysFault: true),
        };
        await stream.ReadExactlyAsync(new byte[rest + 2], cancellationToken);
    }

    private static byte[] Request(string host, int port)
    {
        byte[] address = !IPAddress.TryParse(host, out var ip)
            ? [3, (byte)host.Length, .. Encoding.ASCII.GetBytes(host)]
            : [ip.AddressFamily == AddressFamily.InterNetwork ? (byte)1 : (byte)4, .. ip.GetAddressBytes()];
        var request = new byte[3 + address.Length + 2];
        request[0] = Version;
        request[1] = 1;
        address.CopyTo(request, 3);
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(^2..), (ushort)port);
        return request;
    }

    private static async ValueTask SignInAsync(Stream stream, ProxyRoute proxy, CancellationToken cancellationToken)
    {
        var user = Encoding.UTF8.GetBytes(proxy.Username);
        var password = Encoding.UTF8.GetBytes(proxy.Password ?? "");
        await stream.WriteAsync((byte[])[1, (byte)user.Length, .. user, (byte)password.Length, .. password], cancellationToken);
        var answer = new byte[2];
        await stream.ReadExactlyAsync(answer, cancellationToken);
        if (answer[1] != 0)
        {
            throw new ProxyConnectException("The proxy refused its user name or password.", isProxysFault: true);
        }
    }

    private static async ValueTask<int> ReadByteAsync(Stream stream, CancellationToken cancellationToken)
    {
        var one = new byte[1];
        await stream.ReadExactlyAsync(one, cancellationToken);
        return one[0];
    }
}
