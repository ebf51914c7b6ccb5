using AIHigress.Gateway.IntegrationTests.Providers;
using AIHigress.MockUpstream.Scripting;
using AIHigress.TestKit;
using AIHigress.TestKit.Proxies;

namespace AIHigress.Gateway.IntegrationTests.Proxies;

/// <summary>Requests go through the proxies they should, and by no other way.</summary>
[Collection(ProxyGateway.Name)]
public sealed class ProxyTrafficTests(ProxyGateway gateway)
{
    [Theory]
    [InlineData(TestProxyKind.Http, "http", "api.public.test:80")]
    [InlineData(TestProxyKind.Https, "https", "api.public.test:80")]
    [InlineData(TestProxyKind.Socks5, "socks5", "8.8.8.8:80")]
    [InlineData(TestProxyKind.Socks5, "socks5h", "api.public.test:80")]
    public async Task Chat_ThroughOneProxy_IsAnsweredAndTheAttemptNamesIt(TestProxyKind kind, string scheme, string asked)
    {
        await using var world = await gateway.NewWorldAsync();
        var proxy = kind == TestProxyKind.Https ? world.ToUpstream(gateway.Secure) : world.StartProxy(kind, "user", "canary-proxy-password");
        var before = proxy.Connections;
        var id = await world.AddAsync(proxy, scheme);
        var model = await world.AddProviderAsync(id.ToString());

        var plain = await world.AskAsync(model);
        var stream = await world.AskAsync(model, stream: true);

        Assert.Equal((200, 200), (plain.Status, stream.Status));
        Assert.Equal(plain.PlainText, stream.StreamText);
        Assert.Equal(2, world.Upstream.Stats.Requests);
        Assert.InRange(proxy.Connections - before, 1, 2);
        Assert.Equal(asked, proxy.Asked.Last());
        Assert.Equal([("ok", 200, $"127.0.0.1:{proxy.Port}")], await world.AttemptsAsync(plain.RequestId));
        Assert.Equal([("ok", 200, $"127.0.0.1:{proxy.Port}")], await world.AttemptsAsync(stream.RequestId));
    }

    [Fact]
    public async Task Chat_ThroughAProxy_CredentialsStayBetweenUsAndTheProxy()
    {
        await using var world = await gateway.NewWorldAsync();
        var id = await world.AddAsync(world.StartProxy(TestProxyKind.Http, "user", "canary-proxy-password"));
        var model = await world.AddProviderAsync(id.ToString());

        await world.AskAsync(model);

        var request = Assert.Single(world.Upstream.Requests());
        Assert.DoesNotContain(request.Headers, h => h.Key.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Pool_DeadProxy_AnotherTakesOverWithinTheAttemptAndItRests()
    {
        await using var world = await gateway.NewWorldAsync();
        var (dead, alive) = (world.StartProxy(), world.StartProxy());
        var id = await world.AddAsync(dead);
        await world.AddAsync(alive);
        dead.Stop();
        var model = await world.AddProviderAsync("pool");

        for (var i = 0; i < 4; i++)
        {
            var reply = await world.AskAsync(model);
            Assert.Equal((200, "1"), (reply.Status, reply.Attempts));
            Assert.Equal([("ok", 200, $"127.0.0.1:{alive.Port}")], await world.AttemptsAsync(reply.RequestId));
        }

        gateway.Clock.Advance(TimeSpan.FromSeconds(5));
        await Eventually.TrueAsync(async () => (await world.Admin.GetAsync($"{ProxyWorld.Path}/{id}")).Text("state") == "cooling", "the failure is shown");
        var view = await world.Admin.GetAsync($"{ProxyWorld.Path}/{id}");
        Assert.Equal(1, view["failures"].GetInt32());
        Assert.Equal([id.ToString()], (await world.Admin.GetAsync($"{ProxyWorld.Path}?state=cooling")).Ids());
    }

    [Fact]
    public async Task Pool_RestIsOver_TheProxyIsUsedAgain()
    {
        await using var world = await gateway.NewWorldAsync();
        var proxy = world.StartProxy(TestProxyKind.Socks5, "user", "right");
        var id = await world.AddAsync(proxy);
        var model = await world.AddProviderAsync("pool");
        proxy.Refusal = 5;
        var other = world.StartProxy();
        await world.AddAsync(other);
        while (proxy.Connections == 0)
        {
            Assert.Equal(200, (await world.AskAsync(model)).Status);
        }

        proxy.Refusal = null;
        other.Stop();
        var resting = await world.AskAsync(model);
        gateway.Clock.Advance(TimeSpan.FromSeconds(121));
        var rested = await world.AskAsync(model);

        Assert.Equal((503, 200), (resting.Status, rested.Status));
        Assert.Equal([("ok", 200, $"127.0.0.1:{proxy.Port}")], await world.AttemptsAsync(rested.RequestId));
        Assert.NotEqual(Guid.Empty, id);
    }

    [Theory]
    [InlineData("pool")]
    [InlineData("one")]
    public async Task Pool_NoProxyLeft_503AndNeverADirectConnection(string use)
    {
        await using var world = await gateway.NewWorldAsync();
        var proxy = world.StartProxy();
        var id = await world.AddAsync(proxy);
        proxy.Stop();
        var model = await world.AddReachableProviderAsync(use == "pool" ? "pool" : id.ToString());

        var tried = await world.AskAsync(model);
        var skipped = await world.AskAsync(model);

        Assert.Equal((503, "no_available_provider"), (tried.Status, tried.ErrorCode));
        Assert.Equal((503, "no_available_provider", "0"), (skipped.Status, skipped.ErrorCode, skipped.Attempts));
        Assert.Equal([("proxy", null, $"127.0.0.1:{proxy.Port}")], await world.AttemptsAsync(tried.RequestId));
        Assert.Equal((0, 0), (world.Upstream.Stats.Requests, world.Upstream.Stats.ConnectionsTotal));
        var plan = await world.Admin.PostAsync("/api/v1/routing/decide", new { model });
        Assert.Equal("no_proxy", plan["excluded"][0].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Pool_ProvidersWithAndWithoutProxy_TheOtherAnswersWhenNoProxyIsLeft()
    {
        await using var world = await gateway.NewWorldAsync();
        var proxied = await world.AddReachableProviderAsync("pool");
        var direct = await world.AddReachableProviderAsync("direct");
        var model = ProxyWorld.NewName("mixed");
        (await world.Admin.PostAsync("/api/v1/logical-models", new
        {
            id = model,
            strategy = "priority",
            upstreams = new[] { proxied, direct }.Select(m => new { provider = m.Split('/')[0], model = "mock-ok" }),
        })).MustBe(201);

        var reply = await world.AskAsync(model);

        Assert.Equal((200, direct.Split('/')[0]), (reply.Status, reply.ServedBy?.Split('/')[0]));
        Assert.Equal([("ok", 200, null)], await world.AttemptsAsync(reply.RequestId));
    }

    [Fact]
    public async Task Required_EnvironmentNamesNoProxy_SkippedAndNeverCalled()
    {
        await using var world = await gateway.NewWorldAsync();
        var required = await world.AddReachableProviderAsync("default", required: true);
        var free = await world.AddReachableProviderAsync("default");

        var refused = await world.AskAsync(required);
        Assert.Equal((503, "no_available_provider"), (refused.Status, refused.ErrorCode));
        Assert.Equal(0, world.Upstream.Stats.ConnectionsTotal);
        Assert.Equal(200, (await world.AskAsync(free)).Status);
    }

    [Fact]
    public async Task Default_EnvironmentNamesAProxy_UsedUnlessExceptedOrDirect()
    {
        await using var world = await gateway.NewWorldAsync();
        world.ToUpstream(gateway.Environment);
        var before = gateway.Environment.Connections;
        var through = await world.AddProviderAsync(null);
        var excepted = await world.AddProviderAsync(null, "http://nowhere.test/v1");

        var reply = await world.AskAsync(through);
        var failed = await world.AskAsync(excepted);

        Assert.Equal(200, reply.Status);
        Assert.Equal([("ok", 200, $"127.0.0.1:{gateway.Environment.Port}")], await world.AttemptsAsync(reply.RequestId));
        Assert.Equal(before + 1, gateway.Environment.Connections);
        Assert.Equal([("network", null, null)], await world.AttemptsAsync(failed.RequestId));
    }

    [Fact]
    public async Task Upstream_AnswersAnErrorThroughAProxy_IsTheUpstreamsAndTheProxyStaysWell()
    {
        await using var world = await gateway.NewWorldAsync();
        var proxy = world.StartProxy();
        var id = await world.AddAsync(proxy);
        var model = await world.AddProviderAsync("pool");
        world.Upstream.Script("*", new Behaviour { Status = 503 }, times: 1);

        var failed = await world.AskAsync(model);
        var next = await world.AskAsync(model);

        Assert.Equal((502, "upstream_failed", 200), (failed.Status, failed.ErrorCode, next.Status));
        Assert.Equal([("upstream_error", 503, $"127.0.0.1:{proxy.Port}")], await world.AttemptsAsync(failed.RequestId));
        gateway.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(("unknown", 0), ((await world.Admin.GetAsync($"{ProxyWorld.Path}/{id}")).Text("state"), (await world.Admin.GetAsync($"{ProxyWorld.Path}/{id}"))["failures"].GetInt32()));
    }

    [Fact]
    public async Task Upstream_NoProxyReachesIt_IsTheUpstreamsFaultAndNoProxyRests()
    {
        await using var world = await gateway.NewWorldAsync();
        var proxies = new[] { world.StartProxy(TestProxyKind.Socks5), world.StartProxy(TestProxyKind.Socks5) };
        foreach (var proxy in proxies)
        {
            proxy.Refusal = 4;
            await world.AddAsync(proxy);
        }

        var model = await world.AddProviderAsync("pool");
        var reply = await world.AskAsync(model);

        Assert.Equal((502, "upstream_failed"), (reply.Status, reply.ErrorCode));
        Assert.Equal([1, 1], proxies.Select(p => p.Connections));
        Assert.Equal(("network", null), ((await world.AttemptsAsync(reply.RequestId))[0].Category, (await world.AttemptsAsync(reply.RequestId))[0].Status));
        Array.ForEach(proxies, p => p.Refusal = null);
        Assert.Equal(200, (await world.AskAsync(model)).Status);
    }

    [Fact]
    public async Task UsersProvider_ThroughAProxy_ProxyGetsTheAddressThatWasChecked()
    {
        await using var world = await gateway.NewWorldAsync();
        var proxy = world.StartProxy();
        await world.AddAsync(proxy);
        var user = await gateway.AddSignedInUserAsync();
        var key = (await user.Api.PostAsync("/api/v1/api-keys", new { name = "mine" })).Text("token");
        var model = await world.AddProviderAsync("pool", "http://mine.public.test/v1", api: user.Api);

        var reply = await world.AskAsync(key, model);

        Assert.Equal(200, reply.Status);
        Assert.Equal(["8.8.8.8:80"], proxy.Asked);
        Assert.Equal(0, proxy.Forwarded);
        Assert.Null(Assert.Single(await world.AttemptsAsync(reply.RequestId, user.Api)).Proxy);

        var rebound = await world.AddProviderAsync("pool", "http://rebound.public.test/v1", api: user.Api);
        gateway.Hosts.Addresses["rebound.public.test"] = "10.1.2.3";
        Assert.Equal(502, (await world.AskAsync(key, rebound)).Status);
        Assert.Equal(["8.8.8.8:80"], proxy.Asked);
    }

    [Fact]
    public async Task Password_Changed_TheOldConnectionsAreNotUsedAnyMore()
    {
        await using var world = await gateway.NewWorldAsync();
        var proxy = world.StartProxy(TestProxyKind.Socks5, "user", "first");
        var id = await world.AddAsync(proxy);
        var model = await world.AddProviderAsync(id.ToString());
        Assert.Equal(200, (await world.AskAsync(model)).Status);

        (await world.Admin.PatchAsync($"{ProxyWorld.Path}/{id}", new { password = "canary-wrong-password" }, "*")).MustBe(200);
        var refused = await world.AskAsync(model);
        (await world.Admin.PatchAsync($"{ProxyWorld.Path}/{id}", new { password = "first" }, "*")).MustBe(200);

        Assert.Equal((503, "no_available_provider"), (refused.Status, refused.ErrorCode));
        Assert.Equal(200, (await world.AskAsync(model)).Status);
    }
}
