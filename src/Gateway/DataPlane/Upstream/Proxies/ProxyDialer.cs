using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using AIHigress.Gateway.Features.Providers.Proxies;

namespace AIHigress.Gateway.DataPlane.Upstream.Proxies;

/// <summary>
/// Makes the connections of one handler: to the proxy, and through it to the upstream. Done here and not by the
/// handler's own proxy support, because only here can a proxy's failure be told from an upstream's, and the upstream's
/// address be checked before the proxy gets it (ADR 0016).
/// </summary>
/// <param name="proxy">The way.</param>
/// <param name="isOpen">Whether private addresses may be called behind it.</param>
/// <param name="connect">For the proxy to answer, and once more for it to reach the upstream.</param>
/// <param name="failed">Told of a failure that is the proxy's own: connect, handshake or refused.</param>
internal sealed class ProxyDialer(ProxyRoute proxy, bool isOpen, TimeSpan connect, TargetGuard guard, ProxyTrust trust, Action<ProxyRoute, string> failed)
{
    private bool IsSocks => proxy.Scheme is ProxyScheme.Socks5 or ProxyScheme.Socks5h;

    /// <summary>A connection to the upstream.</summary>
    public async ValueTask<Stream> TunnelAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host.Trim('[', ']'), context.DnsEndPoint.Port);
        var target = await TargetAsync(host, cancellationToken);
        var stream = await ReachAsync(cancellationToken);
        var handedOver = false;
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timer.CancelAfter(connect);
        try
        {
            await (IsSocks ? Socks5Tunnel.OpenAsync(stream, target, port, timer.Token) : HttpTunnel.OpenAsync(stream, proxy, target, port, timer.Token));
            handedOver = true;
            return stream is SslStream ? new TunnelStream(stream) : stream;
        }
        catch (ProxyConnectException e) when (e.IsProxysFault)
        {
            failed(proxy, "refused");
            throw;
        }
        catch (Exception e) when (e is IOException and not ProxyConnectException or SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // A proxy that falls silent here may only be waiting for a silent upstream.
            throw new ProxyConnectException("The proxy did not connect to the upstream.", isProxysFault: false, e);
        }
        finally
        {
            if (!handedOver)
            {
                await stream.DisposeAsync();
            }
        }
    }

    /// <summary>A connection to the proxy itself, signed in where the protocol has that as a step of its own.</summary>
    public async ValueTask<Stream> ReachAsync(CancellationToken cancellationToken)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timer.CancelAfter(connect);
        var step = "connect";
        Stream? stream = null;
        try
        {
            stream = await ConnectAsync(timer.Token);
            step = "handshake";
            if (proxy.Scheme == ProxyScheme.Https)
            {
                var tls = new SslStream(stream, leaveInnerStreamOpen: false);
                stream = tls;
                await tls.AuthenticateAsClientAsync(trust.For(proxy), timer.Token);
            }
            else if (IsSocks)
            {
                await Socks5Tunnel.GreetAsync(stream, proxy, timer.Token);
            }

            return stream;
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException or HttpRequestException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            if (stream is not null)
            {
                await stream.DisposeAsync();
            }

            failed(proxy, step);
            throw e as ProxyConnectException ?? new ProxyConnectException("The proxy can't be reached.", isProxysFault: true, e);
        }
    }

    private async ValueTask<string> TargetAsync(string host, CancellationToken cancellationToken)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timer.CancelAfter(connect);
        return !isOpen ? (await guard.CheckedAsync(host, timer.Token)).ToString()
            : proxy.Scheme == ProxyScheme.Socks5 ? (await guard.AnyAsync(host, timer.Token)).ToString()
            : host;
    }

    private async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            EndPoint end = proxy.FromRemoteList
                ? new IPEndPoint(await guard.CheckedAsync(proxy.Host, cancellationToken), proxy.Port)
                : IPAddress.TryParse(proxy.Host, out var address) ? new IPEndPoint(address, proxy.Port) : new DnsEndPoint(proxy.Host, proxy.Port);
            await socket.ConnectAsync(end, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
