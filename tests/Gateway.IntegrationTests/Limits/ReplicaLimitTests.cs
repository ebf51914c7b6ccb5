using System.Diagnostics;
using AIHigress.Gateway.IntegrationTests.Kit;

namespace AIHigress.Gateway.IntegrationTests.Limits;

/// <summary>Limits that two replicas hold together.</summary>
public sealed class ReplicaLimitTests(ReplicaPair pair) : IClassFixture<ReplicaPair>
{
    [Fact]
    public async Task Requests_ManyClientsOnBothReplicas_NoMorePassThanOneReplicaWouldLet()
    {
        var clock = Stopwatch.StartNew();

        var statuses = await AskAsync(ReplicaPair.RequestsKey, "plain", clients: 16, each: 8);

        var passed = statuses.Count(s => s == 200);
        var cameBack = clock.Elapsed.TotalMinutes * ReplicaPair.Requests;
        Assert.InRange(passed, ReplicaPair.Requests, ReplicaPair.Requests + cameBack + 2);
        Assert.All(statuses, status => Assert.True(status is 200 or 429));
    }

    [Fact]
    public async Task Concurrency_ManyClientsOnBothReplicas_NoMoreRunAtOnce()
    {
        var running = Clients(ReplicaPair.PlacesKey, 12).Select(c => c.AskAsync("held")).ToList();
        var refused = new List<ChatReply>();
        while (running.Count > ReplicaPair.Places)
        {
            var ended = await Task.WhenAny(running).WaitAsync(TestKit.Timeouts.Wait);
            running.Remove(ended);
            refused.Add(await ended);
        }

        Assert.All(refused, reply => Assert.Equal(429, reply.Status));
        await pair.Mock.Control.WaitForGateAsync("held", minWaiting: ReplicaPair.Places);
        await pair.Mock.Control.ReleaseAsync("held", ReplicaPair.Places);
        Assert.All(await Task.WhenAll(running), reply => Assert.Equal(200, reply.Status));

        // All places are free again, whichever replica is asked.
        foreach (var client in Clients(ReplicaPair.PlacesKey, 6))
        {
            Assert.Equal(200, (await client.AskAsync("plain")).Status);
        }
    }

    [Fact]
    public async Task Provider_PlacesOfBothReplicas_AreCountedTogether()
    {
        var running = Clients(ReplicaPair.FreeKey, 10).Select(c => c.AskAsync("narrow")).ToList();
        var refused = new List<ChatReply>();
        while (running.Count > ReplicaPair.Places)
        {
            var ended = await Task.WhenAny(running).WaitAsync(TestKit.Timeouts.Wait);
            running.Remove(ended);
            refused.Add(await ended);
        }

        Assert.All(refused, reply => Assert.Equal(503, reply.Status));
        await pair.Mock.Control.ReleaseAsync("narrow", ReplicaPair.Places);
        Assert.All(await Task.WhenAll(running), reply => Assert.Equal(200, reply.Status));
    }

    [Fact]
    public async Task Provider_RateOfItsKeyOverBothReplicas_IsCountedTogether()
    {
        var clock = Stopwatch.StartNew();

        var statuses = await AskAsync(ReplicaPair.FreeKey, "per-minute", clients: 6, each: 6);

        Assert.InRange(statuses.Count(s => s == 200), 10, 10 + (clock.Elapsed.TotalMinutes * 10) + 2);
        Assert.All(statuses, status => Assert.True(status is 200 or 503));
    }

    [Fact]
    public async Task Admission_OfManyLimits_IsOneCallOfRedis()
    {
        await using var redis = await RedisWatch.ConnectAsync(pair.Redis.Port);
        using var client = new ChatClient(pair.Addresses[0], ReplicaPair.CountedKey);
        using var free = new ChatClient(pair.Addresses[0], ReplicaPair.FreeKey);
        Assert.Equal(200, (await client.AskAsync("plain")).Status);

        // Other tests of this class don't run at the same time, and nothing else asks this Redis.
        var before = await redis.CallsAsync("evalsha");
        for (var i = 0; i < 25; i++)
        {
            Assert.Equal(200, (await client.AskAsync("plain", stream: i % 2 == 0)).Status);
        }

        Assert.Equal(25, await redis.CallsAsync("evalsha") - before);

        // Who has no limits costs Redis nothing.
        before = await redis.CallsAsync("evalsha") + await redis.CallsAsync("eval");
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(200, (await free.AskAsync("plain")).Status);
        }

        Assert.Equal(before, await redis.CallsAsync("evalsha") + await redis.CallsAsync("eval"));
    }

    private async Task<IReadOnlyList<int>> AskAsync(string key, string model, int clients, int each)
    {
        var all = Clients(key, clients).Select(client => Task.Run(async () =>
        {
            var statuses = new List<int>();
            for (var i = 0; i < each; i++)
            {
                statuses.Add((await client.AskAsync(model)).Status);
            }

            return statuses;
        }));
        return [.. (await Task.WhenAll(all)).SelectMany(s => s)];
    }

    private List<ChatClient> Clients(string key, int count) =>
        Enumerable.Range(0, count).Select(i => new ChatClient(pair.Addresses[i % 2], key)).ToList();
}
