using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.UnitTests.DataPlane.Limits;
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
        _pool = new KeyPool(_board, new LimitKit(_time).Upstream);
    }

    [Fact]
    public async Task TryTake_OfSeveral_SpreadsByWeight()
    {
        var provider = With(Routes.Key("heavy", weight: 3), Routes.Key("light", weight: 1));
        var heavy = 0;
        for (var i = 0; i < 4000; i++)
        {
            using var lease = (await _pool.TryTakeAsync(provider, []))!;
            heavy += lease.Key!.Secret == "heavy" ? 1 : 0;
        }

        Assert.InRange(heavy, 2800, 3200);
    }

    [Fact]
    public async Task TryTake_KeyRestsOrWasUsed_TakesAnother()
    {
        var provider = With(Routes.Key("one"), Routes.Key("two"), Routes.Key("three"));
        _board.Key(provider.Keys[0].Id).Refused();

        using var lease = await _pool.TryTakeAsync(provider, [provider.Keys[1].Id]);

        Assert.Equal("three", lease!.Key!.Secret);
        Assert.Null(await _pool.TryTakeAsync(provider, [provider.Keys[1].Id, provider.Keys[2].Id]));
    }

    [Fact]
    public async Task Dispose_Lease_GivesBothPlacesBackOnce()
    {
        var provider = With(Routes.Key("only", maxConcurrency: 1));
        var lease = (await _pool.TryTakeAsync(provider, []))!;
        Assert.Null(await _pool.TryTakeAsync(provider, []));
        Assert.Equal(1, _board.Provider(provider.Id).InFlight);

        lease.Dispose();
        lease.Dispose();

        Assert.Equal((0, 0), (_board.Provider(provider.Id).InFlight, _board.Key(provider.Keys[0].Id).InFlight));
        Assert.NotNull(await _pool.TryTakeAsync(provider, []));
    }

    [Fact]
    public async Task TryTake_RefusedByTheKeysRate_KeepsNoPlace()
    {
        var provider = With(Routes.Key("only", maxQps: 1));
        (await _pool.TryTakeAsync(provider, []))!.Dispose();

        Assert.Null(await _pool.TryTakeAsync(provider, []));

        Assert.Equal((0, 0), (_board.Provider(provider.Id).InFlight, _board.Key(provider.Keys[0].Id).InFlight));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(await _pool.TryTakeAsync(provider, []));
    }

    [Fact]
    public async Task TryTake_ProviderWithoutCredential_NeedsNoKey()
    {
        var provider = new ProviderRoute
        {
            Id = "open",
            Kind = ProviderKinds.OpenAI,
            BaseUrl = new Uri("https://open.example"),
            AuthStyle = ProviderAuthStyle.None,
            MaxConcurrency = 1,
        };

        using var lease = await _pool.TryTakeAsync(provider, []);

        Assert.NotNull(lease);
        Assert.Null(lease.Key);
        Assert.Null(await _pool.TryTakeAsync(provider, []));
        Assert.Equal("provider_concurrency", _pool.Availability(provider).Reason);
    }

    [Fact]
    public async Task TryTake_KeyUsedUpItsRequestsPerMinute_TakesTheNext()
    {
        var provider = With(Routes.Key("one", rpm: 1), Routes.Key("two", weight: 0));
        (await _pool.TryTakeAsync(provider, []))!.Dispose();

        using var lease = await _pool.TryTakeAsync(provider, []);

        Assert.Equal("two", lease!.Key!.Secret);
    }

    [Fact]
    public async Task Availability_RateUsedUp_TellsTheTimeOfTheFirstKeyToRecover()
    {
        var provider = With(Routes.Key("slow", rpm: 2), Routes.Key("quick", rpm: 10));
        for (var i = 0; i < 12; i++)
        {
            (await _pool.TryTakeAsync(provider, []))!.Dispose();
        }

        Assert.Null(await _pool.TryTakeAsync(provider, []));
        Assert.Equal(new Availability("keys_paused", TimeSpan.FromSeconds(6)), _pool.Availability(provider));
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.True(_pool.Availability(provider).Usable);
    }

    private static ProviderRoute With(params ProviderKeyRoute[] keys) => new()
    {
        Id = "p",
        Kind = ProviderKinds.OpenAI,
        BaseUrl = new Uri("https://p.example"),
        Keys = keys,
    };
}
