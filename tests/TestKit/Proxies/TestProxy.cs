using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AIHigress.TestKit.Proxies;

public enum TestProxyKind
{
    /// <summary>Tunnels (CONNECT) and forwards (a whole address in the request line).</summary>
    Http,

    /// <summary>The same over TLS, with a certificate of its own: <see cref="TestProxy.AuthorityPem"/>.</summary>
    Https,
    Socks5,
}

/// <summary>
/// A proxy on a free port of this machine that connects for its clients and counts what it did. Whatever name or
/// address it is asked for, <see cref="Route"/> decides where the connection goes, so tests need no names of the network.
/// </summary>
public sealed partial class TestProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<Socket, bool> _open = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly X509Certificate2? _certificate;
    private readonly Task _accepting;
    private int _connections;

    private TestProxy(TestProxyKind kind)
    {
        Kind = kind;
        _certificate = kind == TestProxyKind.Https ? NewCertificate() : null;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public TestProxyKind Kind { get; }

    public int Port { get; }

    /// <summary>Who may use it; null: everybody.</summary>
    public (string Username, string Password)? Credentials { get; init; }

    /// <summary>Where connections go, given the host and port that were asked for; as asked when null.</summary>
    public Func<string, int, (string Host, int Port)>? Route { get; set; }

    /// <summary>Set, it answers every request for a connection with this HTTP status, or SOCKS reply, and connects nowhere.</summary>
    public int? Refusal { get; set; }

    /// <summary>True: accepts connections and says nothing.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Connections that clients made.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>host:port, as clients asked for them, in order.</summary>
    public IReadOnlyCollection<string> Asked => _asked;

    /// <summary>Requests forwarded with a whole address in their first line.</summary>
    public int Forwarded { get; private set; }

    /// <summary>The certificate of an https proxy, to be trusted as an authority.</summary>
    public string AuthorityPem => _certificate!.ExportCertificatePem();

    public static TestProxy Start(TestProxyKind kind, string? username = null, string? password = null) =>
        new(kind) { Credentials = username is null ? null : (username, password ?? "") };

    /// <summary>Refuses connections from now on, and breaks those there are.</summary>
    public void Stop()
    {
        _listener.Stop();
        foreach (var socket in _open.Keys)
        {
            socket.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Stop();
        await _accepting;
        _end.Dispose();
        _certificate?.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptSocketAsync(_end.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }

            Interlocked.Increment(ref _connections);
            _open[socket] = true;
            _ = ServeAsync(socket);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            using var connection = new NetworkStream(socket, ownsSocket: true);
            if (IsSilent)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, _end.Token);
            }

            if (_certificate is null)
            {
                await ServeAsync(connection);
                return;
            }

            using var tls = new SslStream(connection);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _end.Token);
            await ServeAsync(tls);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
        {
            // Either end has gone; that is how connections end.
        }
        finally
        {
            _open.TryRemove(socket, out _);
        }
    }

    private Task ServeAsync(Stream client) => Kind == TestProxyKind.Socks5 ? ServeSocksAsync(client) : ServeHttpAsync(client);

    private async Task<NetworkStream> ConnectAsync(string host, int port)
    {
        _asked.Enqueue($"{host}:{port}");
        var (to, at) = Route?.Invoke(host, port) ?? (host, port);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(to, at, _end.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task PumpAsync(Stream client, Stream upstream)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        var up = client.CopyToAsync(upstream, either.Token);
        var down = upstream.CopyToAsync(client, either.Token);
        await Task.WhenAny(up, down);
        await either.CancelAsync();
        await Task.WhenAll(up, down).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static X509Certificate2 NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test proxy", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
