using System.Globalization;
using System.Text;
using AIHigress.Gateway.Features.Providers.Proxies;

namespace AIHigress.Gateway.DataPlane.Upstream.Proxies;

/// <summary>The CONNECT request of HTTP (RFC 9110 §9.3.6): from its 2xx on, the connection is the upstream's.</summary>
internal static class HttpTunnel
{
    private const int MostHeaderBytes = 16 * 1024;

    public static async ValueTask OpenAsync(Stream stream, ProxyRoute proxy, string host, int port, CancellationToken cancellationToken)
    {
        var authority = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{port}" : $"{host}:{port}";
        var request = new StringBuilder($"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n");
        if (proxy.Username.Length > 0)
        {
            request.Append("Proxy-Authorization: ").Append(Credentials(proxy)).Append("\r\n");
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(request.Append("\r\n").ToString()), cancellationToken);
        await stream.FlushAsync(cancellationToken);
        var status = Status(await ReadHeadAsync(stream, cancellationToken));
        if (status is < 200 or > 299)
        {
            throw status == 407
                ? new ProxyConnectException("The proxy refused its user name or password.", isProxysFault: true)
                : new ProxyConnectException($"The proxy answered {status} instead of connecting.", isProxysFault: false);
        }
    }

    public static string Credentials(ProxyRoute proxy) =>
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{proxy.Username}:{proxy.Password}"));

    private static async ValueTask<string> ReadHeadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[MostHeaderBytes];
        var length = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0)
            {
                throw new ProxyConnectException("The proxy hung up instead of connecting.", isProxysFault: false);
            }

            length += read;
            var end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                var status = Encoding.Latin1.GetString(buffer, 0, buffer.AsSpan(0, end).IndexOf("\r\n"u8) is var line and >= 0 ? line : end);
                // Of what follows a refusal nothing is read; an open tunnel is silent until we speak.
                return end + 4 == length || Status(status) is < 200 or > 299
                    ? status
                    : throw new ProxyConnectException("The proxy sent more than its answer.", isProxysFault: true);
            }

            if (length == buffer.Length)
            {
                throw new ProxyConnectException("The proxy's answer is too long.", isProxysFault: true);
            }
        }
    }

    private static int Status(string line) =>
        line.Length >= 12 && line.StartsWith("HTTP/1.", StringComparison.Ordinal) && line[8] == ' '
            && int.TryParse(line.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            ? status
            : throw new ProxyConnectException("The proxy does not speak HTTP.", isProxysFault: true);
}
