using AIHigress.Gateway.DataPlane;
using AIHigress.Gateway.DataPlane.Limits;
using AIHigress.Gateway.Hosting.Redis;
using AIHigress.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.IntegrationTests.Limits;

/// <summary>Places and rates in a real Redis: of replicas that die, whose clock is wrong, whose Redis forgot.</summary>
public sealed class LeaseTests
{
    private static readonly LeaseTimes Short = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(0.2));

    [Fact]
    public async Task Places_OfADeadReplica_RunOut()
    {
        var url = await RedisServer.FreshUrlAsync();
        await using var dead = await Replica.StartAsync(url, Short);
        await using var alive = await Replica.StartAsync(url, Short);
        Assert.Null(await dead.Counter.TakeAsync(Place(1)));
        Assert.NotNull(await alive.Counter.TakeAsync(Place(1)));

        // It says nothing more, and gives nothing back.
        await dead.DisposeAsync();

        await Eventually.TrueAsync(async () => await alive.Counter.TakeAsync(Place(1)) is null, "the place is free");
    }

    [Fact]
    public async Task Places_OfALivingReplica_AreKeptBeyondTheLeaseAndGivenBack()
    {
        var url = await RedisServer.FreshUrlAsync();
        await using var one = await Replica.StartAsync(url, Short);
        await using var other = await Replica.StartAsync(url, Short);
        var held = Place(1);
        Assert.Null(await one.Counter.TakeAsync(held));
        var until = TimeProvider.System.GetTimestamp();
        await Eventually.TrueAsync(
            async () =>
            {
                Assert.NotNull(await other.Counter.TakeAsync(Place(1)));
                return TimeProvider.System.GetElapsedTime(until) > Short.Lease * 2;
            },
            "two leases are over");

        one.Counter.Settle(held, 0);

        await Eventually.TrueAsync(async () => await other.Counter.TakeAsync(Place(1)) is null, "the place is free");
    }

    [Fact]
    public async Task Places_RedisForgotThem_AreTakenAgain()
    {
        var url = await RedisServer.FreshUrlAsync();
        await using var one = await Replica.StartAsync(url, Short);
        await using var other = await Replica.StartAsync(url, Short);
        Assert.Null(await one.Counter.TakeAsync(Place(1)));
        Assert.True((await one.Link.TryAsync(db => db.KeyDeleteAsync(RedisLink.Name("limit:test:places")), TimeSpan.FromSeconds(10))).Done);

        await Eventually.TrueAsync(
            async () =>
            {
                var claim = Place(1);
                var refusal = await other.Counter.TakeAsync(claim);
                if (refusal is null)
                {
                    other.Counter.Settle(claim, 0);
                }

                return refusal is not null;
            },
            "the place is taken again");
    }

    [Fact]
    public async Task Rates_ReplicaWhoseClockIsAnHourWrong_CountsAsTheOthers()
    {
        var url = await RedisServer.FreshUrlAsync();
        await using var right = await Replica.StartAsync(url, LeaseTimes.Usual);
        await using var ahead = await Replica.StartAsync(url, LeaseTimes.Usual, TimeSpan.FromHours(1));
        await using var behind = await Replica.StartAsync(url, LeaseTimes.Usual, TimeSpan.FromHours(-1));
        var passed = 0;
        for (var i = 0; i < 30; i++)
        {
            var replica = (i % 3) switch { 0 => right, 1 => ahead, _ => behind };
            passed += await replica.Counter.TakeAsync(RateOf(10, 1, out _)) is null ? 1 : 0;
        }

        Assert.InRange(passed, 10, 11);
    }

    [Fact]
    public async Task Tokens_CorrectedAfterwards_AreThereForTheOtherReplica()
    {
        var url = await RedisServer.FreshUrlAsync();
        await using var one = await Replica.StartAsync(url, LeaseTimes.Usual);
        await using var other = await Replica.StartAsync(url, LeaseTimes.Usual);
        var claim = RateOf(6000, 6000, out _);
        Assert.Null(await one.Counter.TakeAsync(claim));
        var refused = RateOf(6000, 3000, out var rate);
        var refusal = await other.Counter.TakeAsync(refused);
        Assert.InRange(refusal!.Wait.TotalSeconds, 20, 30);
        Assert.InRange(rate.View.Remaining, 0, 1000);

        one.Counter.Settle(claim, 500);

        await Eventually.TrueAsync(async () => await other.Counter.TakeAsync(RateOf(6000, 3000, out _)) is null, "the tokens are back");
        Assert.NotNull(await other.Counter.TakeAsync(RateOf(6000, 3500, out _)));
    }

    private static LimitClaim Place(int limit)
    {
        var claim = new LimitClaim();
        claim.Places.Add(new PlaceClaim(LimitScope.Key, RedisLink.Name("limit:test:places"), limit));
        return claim;
    }

    private static LimitClaim RateOf(long perMinute, long units, out RateClaim rate)
    {
        var claim = new LimitClaim();
        rate = new RateClaim(LimitScope.Key, LimitUnit.Tokens, new Gcra(TimeProvider.System), RedisLink.Name("limit:test:tokens"), Rate.PerMinute(perMinute), units);
        claim.Rates.Add(rate);
        return claim;
    }

    private sealed class Replica(RedisLink link, SharedLimits shared) : IAsyncDisposable
    {
        public RedisLink Link { get; } = link;

        public LimitCounter Counter { get; } = new(shared);

        public static async Task<Replica> StartAsync(string url, LeaseTimes times, TimeSpan clockError = default)
        {
            var time = new WrongClock(clockError);
            var link = new RedisLink(new Fixed<RedisOptions>(new RedisOptions { Url = url, SlowMs = 10_000 }), NullLogger<RedisLink>.Instance);
            await link.StartAsync(CancellationToken.None);
            var gate = new ConcurrencyGate(new Fixed<DataPlaneOptions>(new DataPlaneOptions()), time);
            var shared = new SharedLimits(link, new LimitMetrics(link, gate), times, time);
            await shared.StartAsync(CancellationToken.None);
            return new Replica(link, shared);
        }

        public async ValueTask DisposeAsync()
        {
            await shared.StopAsync(CancellationToken.None);
            shared.Dispose();
            await Link.StopAsync(CancellationToken.None);
            Link.Dispose();
        }
    }

    private sealed class WrongClock(TimeSpan error) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + error;
    }

    private sealed class Fixed<T>(T value) : IOptionsMonitor<T>
    {
        public T CurrentValue => value;

        public T Get(string? name) => value;

        public IDisposable? OnChange(Action<T, string?> listener) => null;
    }
}
