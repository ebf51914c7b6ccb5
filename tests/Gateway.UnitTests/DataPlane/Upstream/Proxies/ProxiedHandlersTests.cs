using AIHigress.Gateway.DataPlane.Upstream.Proxies;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Providers.Hosts;
using AIHigress.Gateway.Features.Providers.Proxies;
using AIHigress.Gateway.UnitTests.Providers.Proxies;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.UnitTests.DataPlane.Upstream.Proxies;

/// <summary>One handler per way, and none for ways that are gone.</summary>
public sealed class ProxiedHandlersTests : IDisposable
{
    private readonly ProxyPool _pool = Pools.New();
    private readonly ProxiedHandlers _handlers;

    public ProxiedHandlersTests() => _handlers = new ProxiedHandlers(
        _pool, new TargetGuard(new SystemNameResolver(), Options.Create(new ProvidersOptions())), new ProxyTrust(Options.Create(new UpstreamProxyOptions())), TimeProvider.System);

    public void Dispose() => _handlers.Dispose();

    [Fact]
    public void Take_SameWay_SameHandler()
    {
        var route = Pools.Route("a.test");
        _pool.Publish(Pools.Settings, [Pools.Entry(route)]);

        Assert.Same(Take(route), Take(route with { }));
        Assert.NotSame(Take(route), Take(route with { Username = "u", Password = "other" }));
        Assert.NotSame(Take(route), _handlers.Take(Way(route) with { IsOpen = false }));
    }

    [Fact]
    public async Task Take_AfterTheProxyIsGone_ItsHandlerEndsWithItsLastRequest()
    {
        var (gone, kept) = (Pools.Route("gone.test"), Pools.Route("kept.test"));
        _pool.Publish(Pools.Settings, [Pools.Entry(gone), Pools.Entry(kept)]);
        var handler = Take(gone);
        var invoker = handler.Invoker;

        _pool.Publish(Pools.Settings, [Pools.Entry(kept)]);
        Take(kept);

        Assert.Equal(1, _handlers.Count);
        Assert.True(handler.TryEnter(0));
        handler.Leave();
        handler.Leave();
        Assert.False(handler.TryEnter(0));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://x.test/");
        await Assert.ThrowsAsync<ObjectDisposedException>(() => invoker.SendAsync(request, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Take_ManyWays_TheLongestUnusedAreLetGo()
    {
        var routes = Enumerable.Range(0, 300).Select(i => Pools.Route($"p{i}.test")).ToArray();
        _pool.Publish(Pools.Settings, [.. routes.Select(Pools.Entry)]);

        Array.ForEach(routes, r => Take(r).Leave());

        Assert.InRange(_handlers.Count, 200, 257);
        Assert.Same(Take(routes[^1]), Take(routes[^1]));
    }

    [Theory]
    [InlineData(ProxyScheme.Http, true, "http://h.test", true)]
    [InlineData(ProxyScheme.Https, true, "http://h.test", true)]
    [InlineData(ProxyScheme.Http, true, "https://h.test", false)]
    [InlineData(ProxyScheme.Http, false, "http://h.test", false)]
    [InlineData(ProxyScheme.Socks5h, true, "http://h.test", false)]
    public void Way_Forwards_OnlyPlainHttpOfTrustedProvidersBehindHttpProxies(ProxyScheme scheme, bool isOpen, string target, bool forwards) =>
        Assert.Equal(forwards, HandlerClass.Of(Pools.Route("a.test") with { Scheme = scheme }, isOpen, TimeSpan.FromSeconds(1), new Uri(target)).Forwards);

    private SharedHandler Take(ProxyRoute route) => _handlers.Take(Way(route));

    private static HandlerClass Way(ProxyRoute route) => new(route, true, TimeSpan.FromSeconds(1), false);
}
