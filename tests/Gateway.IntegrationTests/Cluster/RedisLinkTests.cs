using System.Collections.Concurrent;
using System.Diagnostics;
using AIHigress.Gateway.Hosting.Redis;
using AIHigress.Gateway.Hosting.Snapshots;
using AIHigress.Gateway.IntegrationTests.Hosting;
using AIHigress.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace AIHigress.Gateway.IntegrationTests.Cluster;

/// <summary>The link to a real Redis: there, gone, frozen, back.</summary>
public sealed class RedisLinkTests
{
    private const string Degraded = "{\"status\":\"degraded\",\"degraded\":[\"redis\"]}";

    // Generous, so that a machine under load is not taken for a slow Redis.
    private static readonly (string, string) Patient = ("REDIS_SLOW_MS", "5000");

    [Fact]
    public async Task TryAsync_NotConfigured_IsNotDone()
    {
        await using var server = await BareServer.StartAsync();
        var link = Link(server);

        Assert.False(link.IsConfigured);
        Assert.False(link.IsUp);
        Assert.False((await link.TryAsync(db => db.PingAsync())).Done);
        link.Publish("x", "y");
    }

    [Fact]
    public async Task Publish_TwoServersOfOneDatabase_EachHearsAndAnotherDatabaseDoesNot()
    {
        var url = await RedisServer.FreshUrlAsync();
        await using var here = await BareServer.StartAsync(settings: [("REDIS_URL", url), Patient]);
        await using var there = await BareServer.StartAsync(settings: [("REDIS_URL", url), Patient]);
        await using var stranger = await BareServer.StartAsync(settings: [("REDIS_URL", await RedisServer.FreshUrlAsync()), Patient]);
        var heard = Listen(here);
        var heardThere = Listen(there);
        var heardByStranger = Listen(stranger);

        await Eventually.TrueAsync(
            () =>
            {
                Link(there).Publish("news", "hello");
                return heard.Contains("hello") && heardThere.Contains("hello");
            },
            "both hear it");
        Link(stranger).Publish("news", "own");
        await Eventually.TrueAsync(() => heardByStranger.Contains("own"), "the other installation hears its own");

        Assert.DoesNotContain("hello", heardByStranger);
        Assert.DoesNotContain("own", heard);
    }

    [Fact]
    public async Task Start_RedisIsAway_ServesAtOnceSaysSoAndTakesItUpLater()
    {
        await using var redis = await RedisServer.StartAsync();
        redis.Halt();
        var clock = Stopwatch.StartNew();
        await using var server = await BareServer.StartAsync(settings: [("REDIS_URL", redis.Url), Patient]);
        TestContext.Current.TestOutputHelper?.WriteLine($"started in {clock.ElapsedMilliseconds} ms without Redis");
        var changes = Follow(server);

        await ReadyIsAsync(server, Degraded);
        Assert.False((await Link(server).TryAsync(db => db.PingAsync())).Done);
        var heard = Listen(server);

        await redis.StartAgainAsync();
        await ReadyIsAsync(server, "{\"status\":\"ok\"}");
        Assert.Contains(true, changes);
        Assert.True((await Link(server).TryAsync(db => db.PingAsync())).Done);
        await Eventually.TrueAsync(
            () =>
            {
                Link(server).Publish("news", "after");
                return heard.Contains("after");
            },
            "what was subscribed meanwhile is heard");
    }

    [Fact]
    public async Task Start_RedisIsFrozen_DoesNotHoldTheStart()
    {
        await using var redis = await RedisServer.StartAsync();
        redis.Freeze();
        try
        {
            // What counts is that it ends at all and in seconds: the driver alone would wait for each of its own retries.
            await using var server = await BareServer.StartAsync(settings: [("REDIS_URL", redis.Url), Patient]);
            await ReadyIsAsync(server, Degraded);

            redis.Thaw();
            await ReadyIsAsync(server, "{\"status\":\"ok\"}");
        }
        finally
        {
            redis.Thaw();
        }
    }

    [Fact]
    public async Task TryAsync_RedisFreezes_StopsAskingAfterTwoAndComesBack()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var server = await BareServer.StartAsync(settings: [("REDIS_URL", redis.Url), ("REDIS_SLOW_MS", "200")]);
        var link = Link(server);
        await Eventually.TrueAsync(() => link.IsUp, "Redis is up");
        var changes = Follow(server);

        redis.Freeze();
        try
        {
            Assert.False((await link.TryAsync(db => db.PingAsync())).Done);
            Assert.False((await link.TryAsync(db => db.PingAsync())).Done);
            Assert.False(link.IsUp);
            var asked = false;
            Assert.False((await link.TryAsync(db =>
            {
                asked = true;
                return db.PingAsync();
            })).Done);
            Assert.False(asked);
            await ReadyIsAsync(server, Degraded);
        }
        finally
        {
            redis.Thaw();
        }

        await Eventually.TrueAsync(() => link.IsUp, "Redis is used again");
        Assert.Equal([false, true], changes.Take(2));
        Assert.True((await link.TryAsync(db => db.PingAsync(), TestKit.Timeouts.Wait)).Done);
    }

    [Fact]
    public async Task TryAsync_RedisHaltsAndStartsAgain_IsGivenUpAndTakenUp()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var server = await BareServer.StartAsync(settings: [("REDIS_URL", redis.Url), Patient]);
        var link = Link(server);
        var heard = Listen(server);
        await Eventually.TrueAsync(() => link.IsUp, "Redis is up");

        redis.Halt();
        await Eventually.TrueAsync(() => !link.IsUp, "the lost connection is noticed without asking");
        await redis.StartAgainAsync();
        await Eventually.TrueAsync(() => link.IsUp, "Redis is used again");

        Assert.True((await link.TryAsync(db => db.StringSetAsync(RedisLink.Name("k"), "v"))).Done);
        await Eventually.TrueAsync(
            () =>
            {
                link.Publish("news", "again");
                return heard.Contains("again");
            },
            "subscriptions live on");
    }

    [Fact]
    public async Task TryAsync_RedisRefusesTheOperation_IsNotDoneAndRedisStaysInUse()
    {
        await using var server = await BareServer.StartAsync(settings: [("REDIS_URL", await RedisServer.FreshUrlAsync()), Patient]);
        var link = Link(server);
        await Eventually.TrueAsync(() => link.IsUp, "Redis is up");
        var key = RedisLink.Name("text");
        Assert.True((await link.TryAsync(db => db.StringSetAsync(key, "no list"))).Done);

        for (var i = 0; i < 3; i++)
        {
            Assert.False((await link.TryAsync(db => db.ListLengthAsync(key))).Done);
        }

        Assert.True(link.IsUp);
    }

    private static RedisLink Link(BareServer server) => server.Services.GetRequiredService<RedisLink>();

    private static Task ReadyIsAsync(BareServer server, string answer) => Eventually.TrueAsync(
        async () =>
        {
            await server.Services.GetRequiredService<SnapshotRefresher>().RefreshAsync(force: true, CancellationToken.None);
            return await server.Client.GetStringAsync("/health/ready") == answer;
        },
        $"/health/ready says {answer}");

    private static ConcurrentQueue<string> Listen(BareServer server)
    {
        var heard = new ConcurrentQueue<string>();
        Link(server).Subscribe("news", heard.Enqueue);
        return heard;
    }

    private static ConcurrentQueue<bool> Follow(BareServer server)
    {
        var changes = new ConcurrentQueue<bool>();
        Link(server).OnChange(changes.Enqueue);
        return changes;
    }
}
