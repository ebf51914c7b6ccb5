using System.Net;
using System.Net.Sockets;
using System.Text;
using AIHigress.Gateway.DataPlane.Upstream.Proxies;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Providers.Hosts;
using AIHigress.Gateway.Features.Providers.Proxies;
using AIHigress.TestKit;
using AIHigress.TestKit.Proxies;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.UnitTests.DataPlane.Upstream.Proxies;

/// <summary>Whose fault it is when no connection comes about, and that checked addresses are what proxies get.</summary>
public sealed class ProxyDialerTests : IDisposable
{
    private readonly Names _names = new();
    private readonly TempFolder _folder = new();
    private readonly List<string> _failures = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(TestProxyKind.Http)]
    [InlineData(TestProxyKind.Https)]
    [InlineData(TestProxyKind.Socks5)]
    public async Task Tunnel_WithCredentials_Connects(TestProxyKind kind)
    {
        await using var proxy = TestProxy.Start(kind, "user", "pass");
        using var upstream = new Echo();
        proxy.Route = upstream.Route;

        Assert.Equal("echo", await AskAsync(proxy, "user", "pass", isOpen: true, "api.public.test"));
        Assert.Equal(1, proxy.Connections);
        Assert.Empty(_failures);
    }

    [Theory]
    [InlineData(TestProxyKind.Http, "refused")]
    [InlineData(TestProxyKind.Socks5, "handshake")]
    public async Task Tunnel_WrongPassword_IsTheProxysFault(TestProxyKind kind, string reason)
    {
        await using var proxy = TestProxy.Start(kind, "user", "pass");

        var fault = await FailAsync(proxy, "user", "canary-wrong", isOpen: true);

        Assert.True(fault.IsProxysFault);
        Assert.Equal([reason], _failures);
        Assert.DoesNotContain("canary", fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TestProxyKind.Http)]
    [InlineData(TestProxyKind.Https)]
    [InlineData(TestProxyKind.Socks5)]
    public async Task Tunnel_NobodyListens_IsTheProxysFault(TestProxyKind kind)
    {
        await using var proxy = TestProxy.Start(kind);
        proxy.Stop();

        Assert.True((await FailAsync(proxy)).IsProxysFault);
        Assert.Equal(["connect"], _failures);
    }

    [Theory]
    [InlineData(TestProxyKind.Http, 503)]
    [InlineData(TestProxyKind.Http, 403)]
    [InlineData(TestProxyKind.Socks5, 5)]
    public async Task Tunnel_ProxySaysItCannotConnect_MayBeTheUpstream(TestProxyKind kind, int refusal)
    {
        await using var proxy = TestProxy.Start(kind);
        proxy.Refusal = refusal;

        Assert.False((await FailAsync(proxy)).IsProxysFault);
        Assert.Empty(_failures);
    }

    [Theory]
    [InlineData(TestProxyKind.Http, false)]
    [InlineData(TestProxyKind.Socks5, true)]
    public async Task Tunnel_SilentProxy_BlamedOnlyBeforeTheUpstreamComesIn(TestProxyKind kind, bool isProxysFault)
    {
        await using var proxy = TestProxy.Start(kind);
        proxy.IsSilent = true;

        Assert.Equal(isProxysFault, (await FailAsync(proxy, connect: TimeSpan.FromMilliseconds(200))).IsProxysFault);
    }

    [Fact]
    public async Task Tunnel_UntrustedCertificate_IsRefused()
    {
        await using var proxy = TestProxy.Start(TestProxyKind.Https);

        Assert.True((await FailAsync(proxy, trusted: false)).IsProxysFault);
        Assert.Equal(["handshake"], _failures);
        Assert.Empty(proxy.Asked);
    }

    [Theory]
    [InlineData(TestProxyKind.Http)]
    [InlineData(TestProxyKind.Https)]
    [InlineData(TestProxyKind.Socks5)]
    public async Task Tunnel_ToHttpsUpstream_ItsOwnTlsIsDoneAndABadCertificateIsTheUpstreamsFault(TestProxyKind kind)
    {
        await using var proxy = TestProxy.Start(kind);
        await using var upstream = TestProxy.Start(TestProxyKind.Https);
        proxy.Route = (_, _) => ("127.0.0.1", upstream.Port);

        var thrown = await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(proxy, null, null, isOpen: true, "https://api.public.test/"));

        Assert.Equal(HttpRequestError.SecureConnectionError, thrown.HttpRequestError);
        Assert.Null(ProxyConnectException.Of(thrown));
        Assert.Equal(1, upstream.Connections);
        Assert.Empty(_failures);
    }

    [Theory]
    [InlineData(TestProxyKind.Http)]
    [InlineData(TestProxyKind.Socks5)]
    public async Task Tunnel_Guarded_ProxyGetsTheCheckedAddress(TestProxyKind kind)
    {
        await using var proxy = TestProxy.Start(kind);
        using var upstream = new Echo();
        proxy.Route = upstream.Route;

        Assert.Equal("echo", await AskAsync(proxy, null, null, isOpen: false, "api.public.test"));
        Assert.Equal(["8.8.8.8:80"], proxy.Asked);
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("100.64.0.1")]
    public async Task Tunnel_GuardedNameOfAPrivateAddress_ProxyIsNotEvenAsked(string address)
    {
        await using var proxy = TestProxy.Start(TestProxyKind.Http);
        _names.Address = address;

        var thrown = await Record.ExceptionAsync(() => AskAsync(proxy, null, null, isOpen: false, "rebound.test"));

        Assert.Contains("private", thrown!.Message, StringComparison.Ordinal);
        Assert.Equal(0, proxy.Connections);
        Assert.Empty(_failures);
    }

    [Fact]
    public async Task Tunnel_Socks5_LooksTheNameUpHereAndSocks5hDoesNot()
    {
        await using var proxy = TestProxy.Start(TestProxyKind.Socks5);
        using var upstream = new Echo();
        proxy.Route = upstream.Route;

        await AskAsync(proxy, null, null, isOpen: true, "api.public.test");
        await AskAsync(proxy, null, null, isOpen: true, "api.public.test", ProxyScheme.Socks5h);

        Assert.Equal(["8.8.8.8:80", "api.public.test:80"], proxy.Asked);
    }

    [Fact]
    public async Task Reach_ProxyOfARemoteListOnAPrivateAddress_IsNotConnectedTo()
    {
        await using var proxy = TestProxy.Start(TestProxyKind.Http);

        var fault = await FailAsync(proxy, route: r => r with { FromRemoteList = true });

        Assert.True(fault.IsProxysFault);
        Assert.Equal(0, proxy.Connections);
    }

    private async Task<ProxyConnectException> FailAsync(
        TestProxy proxy, string? user = null, string? password = null, bool isOpen = true, bool trusted = true, TimeSpan? connect = null, Func<ProxyRoute, ProxyRoute>? route = null)
    {
        var thrown = await Record.ExceptionAsync(() => AskAsync(proxy, user, password, isOpen, "api.public.test", null, trusted, connect, route));
        return ProxyConnectException.Of(thrown!) ?? throw thrown!;
    }

    private async Task<string> AskAsync(
        TestProxy proxy, string? user, string? password, bool isOpen, string host, ProxyScheme? scheme = null, bool trusted = true, TimeSpan? connect = null, Func<ProxyRoute, ProxyRoute>? route = null)
    {
        scheme ??= proxy.Kind switch { TestProxyKind.Http => ProxyScheme.Http, TestProxyKind.Https => ProxyScheme.Https, _ => ProxyScheme.Socks5 };
        var made = new ProxyRoute(Guid.CreateVersion7(), scheme.Value, "127.0.0.1", proxy.Port) { Username = user ?? "", Password = password };
        var used = route?.Invoke(made) ?? made;
        var authority = trusted && proxy.Kind == TestProxyKind.Https ? _folder.File("ca.pem") : null;
        if (authority is not null)
        {
            await File.WriteAllTextAsync(authority, proxy.AuthorityPem, TestContext.Current.CancellationToken);
        }

        var guard = new TargetGuard(_names, Options.Create(new ProvidersOptions()));
        var trust = new ProxyTrust(Options.Create(new UpstreamProxyOptions { CaFile = authority }));
        var dialer = new ProxyDialer(used, isOpen, connect ?? Timeouts.Wait, guard, trust, (_, reason) => _failures.Add(reason));
        using var invoker = new HttpMessageInvoker(
            ProxiedHandlers.CreateOver(dialer, new HandlerClass(used, isOpen, Timeouts.Wait, Forwards: false), (_, reason) => _failures.Add(reason)));
        using var request = new HttpRequestMessage(HttpMethod.Get, host.Contains("://", StringComparison.Ordinal) ? host : $"http://{host}/");
        using var response = await invoker.SendAsync(request, TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private sealed class Names : INameResolver
    {
        public string Address { get; set; } = "8.8.8.8";

        public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<IPAddress>>([IPAddress.Parse(Address)]);
    }

    /// <summary>An upstream that says one word to each who comes.</summary>
    private sealed class Echo : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public Echo()
        {
            _listener.Start();
            _ = ServeAsync();
        }

        public (string, int) Route(string host, int port) => ("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);

        public void Dispose() => _listener.Dispose();

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using var socket = await _listener.AcceptSocketAsync();
                    await socket.ReceiveAsync(new byte[1000]);
                    await socket.SendAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\necho"));
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
