using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Providers.Proxies;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.UnitTests.Providers.Proxies;

public sealed class ProxyPoolTests
{
    private static readonly Uri Target = new("https://api.public.test/v1");
    private readonly FakeTimeProvider _time = new();
    private readonly ProxyRoute[] _routes = [Pools.Route("a.test"), Pools.Route("b.test"), Pools.Route("c.test")];
    private readonly ProxyPool _pool;

    public ProxyPoolTests()
    {
        _pool = Pools.New(_time);
        Publish(Pools.Settings);
    }

    [Fact]
    public void Pick_RoundRobin_TakesEachInTurn()
    {
        var picked = Enumerable.Range(0, 6).Select(_ => Pick("pool").Proxy).ToList();

        Assert.All(_routes, r => Assert.Equal(2, picked.Count(p => p == r)));
    }

    [Fact]
    public void Pick_LeastLatency_TakesTheFastestThatWorks()
    {
        _pool.Publish(
            Pools.Settings with { Strategy = ProxyStrategy.LeastLatency, Checks = true },
            [Pools.Entry(_routes[0]), Checked(_routes[1], true, 90), Checked(_routes[2], true, 30)]);

        Assert.Equal(_routes[2], Pick("pool").Proxy);
        _pool.Failed(_routes[2], "connect");
        Assert.Equal(_routes[1], Pick("pool").Proxy);
        _pool.Failed(_routes[1], "connect");
        Assert.Equal(_routes[0], Pick("pool").Proxy);
    }

    [Fact]
    public void Pick_OneThatFailed_RestsForTheCooldownOnly()
    {
        _pool.Failed(_routes[0], "connect");

        Assert.DoesNotContain(_routes[0], Enumerable.Range(0, 9).Select(_ => Pick("pool").Proxy));
        _time.Advance(TimeSpan.FromSeconds(120));
        Assert.Contains(_routes[0], Enumerable.Range(0, 9).Select(_ => Pick("pool").Proxy));
    }

    [Fact]
    public void Pick_AllFailed_NoWayAndNeverDirectly()
    {
        Array.ForEach(_routes, r => _pool.Failed(r, "connect"));

        Assert.Equal(ProxyPick.None, Pick("pool"));
        Assert.Equal(ProxyPick.None, Pick(_routes[0].Id.ToString()));
        Assert.False(_pool.CanReach(Pools.Provider("pool")));
        Assert.True(_pool.CanReach(Pools.Provider("direct")));
    }

    [Fact]
    public void Pick_PoolOffOrEmpty_NoWay()
    {
        Publish(Pools.Settings with { Enabled = false });
        Assert.Equal(ProxyPick.None, Pick("pool"));
        Assert.Equal(ProxyPick.None, Pick(_routes[0].Id.ToString()));

        _pool.Publish(Pools.Settings, []);
        Assert.Equal(ProxyPick.None, Pick("pool"));
    }

    [Fact]
    public void Pick_One_ThatOneAndNoOther()
    {
        var picked = Enumerable.Range(0, 3).Select(_ => Pick(_routes[1].Id.ToString()).Proxy);

        Assert.All(picked, p => Assert.Equal(_routes[1], p));
        Assert.Equal(ProxyPick.None, Pick(Guid.NewGuid().ToString()));
        Assert.Equal(ProxyPick.None, _pool.Pick(Pools.Provider(_routes[1].Id.ToString()), Target, [_routes[1]]));
    }

    [Fact]
    public void Pick_DefaultWithoutEnvironment_DirectUnlessAProxyIsRequired()
    {
        Assert.Equal(ProxyPick.Direct, Pick("default"));
        Assert.Equal(ProxyPick.None, _pool.Pick(Pools.Provider("default", required: true), Target, []));
    }

    [Fact]
    public void Publish_FailedCheck_KeepsItOutWhileChecksAreMade()
    {
        _pool.Publish(Pools.Settings with { Checks = true }, [Checked(_routes[0], false, 10)]);
        Assert.Equal(ProxyPick.None, Pick("pool"));

        _pool.Publish(Pools.Settings, [Checked(_routes[0], false, 10)]);
        Assert.Equal(_routes[0], Pick("pool").Proxy);
    }

    [Fact]
    public void Publish_AfterAFailure_OnlyALaterGoodCheckEndsTheRest()
    {
        var before = Checked(_routes[0], true, 10);
        _time.Advance(TimeSpan.FromSeconds(1));
        _pool.Failed(_routes[0], "connect");

        _pool.Publish(Pools.Settings with { Checks = true }, [before]);
        Assert.Equal(ProxyPick.None, Pick("pool"));

        _time.Advance(TimeSpan.FromSeconds(1));
        _pool.Publish(Pools.Settings with { Checks = true }, [Checked(_routes[0], true, 10)]);
        Assert.Equal(_routes[0], Pick("pool").Proxy);
    }

    [Fact]
    public void Publish_StoredCooldown_ActsHereToo()
    {
        _pool.Publish(Pools.Settings, [Pools.Entry(_routes[0]) with { CooldownUntil = _time.GetUtcNow().AddSeconds(30) }]);

        Assert.Equal(ProxyPick.None, Pick("pool"));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(_routes[0], Pick("pool").Proxy);
    }

    [Fact]
    public void Publish_OtherPassword_IsAnotherProxy()
    {
        _pool.Failed(_routes[0], "refused");
        var renewed = _routes[0] with { Username = "u", Password = "new" };

        _pool.Publish(Pools.Settings, [Pools.Entry(renewed)]);

        Assert.Equal(renewed, Pick("pool").Proxy);
        Assert.False(_pool.Holds(_routes[0]));
    }

    [Fact]
    public void TakeFailures_AfterSome_CountsEachOnce()
    {
        _pool.Failed(_routes[0], "connect");
        _pool.Failed(_routes[0], "connect");

        var (id, count, until) = Assert.Single(_pool.TakeFailures());
        Assert.Equal((_routes[0].Id, 2), (id, count));
        Assert.Equal(_time.GetUtcNow().AddSeconds(120), until);
        Assert.Empty(_pool.TakeFailures());
    }

    private ProxyPick Pick(string proxy) => _pool.Pick(Pools.Provider(proxy), Target, []);

    private void Publish(ProxyPoolSettings settings) => _pool.Publish(settings, [.. _routes.Select(Pools.Entry)]);

    private ProxyEntry Checked(ProxyRoute route, bool ok, int ms) => new(route, ok, ms, _time.GetUtcNow(), null);
}
