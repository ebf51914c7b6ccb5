using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.Features.Providers;
using Microsoft.Extensions.Time.Testing;

namespace AIHigress.Gateway.UnitTests.DataPlane.Routing;

public sealed class KeyPoolTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly UpstreamBoard _board;
    private readonly KeyPool _pool;

    public KeyPoolTests()
    {
        _board = new UpstreamBoard(_time);
        _pool = new KeyPool(_board);
    }

    [Fact]
    public void TryTake_OfSeveral_SpreadsByWeight()
    {
        var provider = With(Routes.Key("heavy", weight: 3), Routes.Key("light", weight: 1));
        var heavy = 0;
        for (var i = 0; i < 4000; i++)
        {
            using var lease = _pool.TryTake(provider, [])!;
            heavy += lease.Key!.Secret == "heavy" ? 1 : 0;
        }

        Assert.InRange(heavy, 2800, 3200);
    }

    [Fact]
    public void TryTake_KeyRestsOrWasUsed_TakesAnother()
    {
        var provider = With(Routes.Key("one"), Routes.Key("two"), Routes.Key("three"));
        _board.Key(provider.Keys[0].Id).Refused();

        using var lease = _pool.TryTake(provider, [provider.Keys[1].Id]);

        Assert.Equal("three", lease!.Key!.Secret);
        Assert.Null(_pool.TryTake(provider, [provider.Keys[1].Id, provider.Keys[2].Id]));
    }

    [Fact]
    public void Dispose_Lease_GivesBothPlacesBackOnce()
    {
        var provider = With(Routes.Key("only", maxConcurrency: 1));
        var lease = _pool.TryTake(provider, [])!;
        Assert.Null(_pool.TryTake(provider, []));
        Assert.Equal(1, _board.Provider(provider.Id).InFlight);

        lease.Dispose();
        lease.Dispose();

        Assert.Equal((0, 0), (_board.Provider(provider.Id).InFlight, _board.Key(provider.Keys[0].Id).InFlight));
        Assert.NotNull(_pool.TryTake(provider, []));
    }

    [Fact]
    public void TryTake_RefusedByTheKeysRate_KeepsNoPlace()
    {
        var provider = With(Routes.Key("only", maxQps: 1));
        _pool.TryTake(provider, [])!.Dispose();

        Assert.Null(_pool.TryTake(provider, []));

        Assert.Equal((0, 0), (_board.Provider(provider.Id).InFlight, _board.Key(provider.Keys[0].Id).InFlight));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(_pool.TryTake(provider, []));
    }

    [Fact]
    public void TryTake_ProviderWithoutCredential_NeedsNoKey()
    {
        var provider = new ProviderRoute
        {
            Id = "open",
            Kind = ProviderKinds.OpenAI,
            BaseUrl = new Uri("https://open.example"),
            AuthStyle = ProviderAuthStyle.None,
            MaxConcurrency = 1,
        };

        using var lease = _pool.TryTake(provider, []);

        Assert.NotNull(lease);
        Assert.Null(lease.Key);
        Assert.Null(_pool.TryTake(provider, []));
        Assert.Equal("provider_concurrency", _pool.Availability(provider).Reason);
    }

    private static ProviderRoute With(params ProviderKeyRoute[] keys) => new()
    {
        Id = "p",
        Kind = ProviderKinds.OpenAI,
        BaseUrl = new Uri("https://p.example"),
        Keys = keys,
    };
}
