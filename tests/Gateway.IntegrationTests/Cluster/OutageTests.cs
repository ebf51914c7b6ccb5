using AIHigress.Gateway.IntegrationTests.Faults;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Cluster;

/// <summary>Two replicas under load lose what they share, and no client notices.</summary>
public sealed class OutageTests
{
    private const int Clients = 6;
    private const int Meanwhile = 150;
    private const string RedisUp = "aihigress_redis_up";
    private const string Others = "aihigress_replicas_others";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Redis_HaltedOrFrozenUnderLoad_NoRequestFails(bool frozen) => LoseRedisAsync(frozen, TimeSpan.Zero);

    [Theory(Explicit = true)]
    [Trait(Soak.Trait, Soak.Value)]
    [InlineData(false)]
    [InlineData(true)]
    public Task Redis_AwayForLongUnderLoad_NoRequestFails(bool frozen) => LoseRedisAsync(frozen, Soak.Outage);

    [Fact]
    public Task Postgres_StoppedUnderLoad_NoRequestFailsAndAllUsageArrives() => LosePostgresAsync(TimeSpan.Zero);

    [Fact(Explicit = true)]
    [Trait(Soak.Trait, Soak.Value)]
    public Task Postgres_StoppedForLongUnderLoad_NoRequestFailsAndAllUsageArrives() => LosePostgresAsync(Soak.Outage);

    private static async Task LoseRedisAsync(bool frozen, TimeSpan outage)
    {
        await using var mock = await MockUpstreamProcess.StartAsync(new MockUpstreamOptions { Name = "up", Journal = false });
        await using var redis = await RedisServer.StartAsync();
        try
        {
            await using var pair = await ReplicaPair.StartAsync(Declaration(mock), redis.Url);
            await EachAsync(pair, async replica => await ReplicaPair.MetricAsync(replica, Others) == 1, "the replicas know each other");
            var loads = await StartLoadsAsync(pair);

            if (frozen)
            {
                redis.Freeze();
            }
            else
            {
                redis.Halt();
            }

            await EachAsync(pair, async replica => (await pair.ReadyAsync(replica)).Contains("[\"redis\"]", StringComparison.Ordinal), "readiness tells");
            await EachAsync(pair, async replica => await ReplicaPair.MetricAsync(replica, RedisUp) == 0, "the metric tells");
            Assert.All(pair.Both, replica => Assert.Contains("Redis is away or slow", replica.Output, StringComparison.Ordinal));
            await GoOnAsync(loads, outage);

            if (frozen)
            {
                redis.Thaw();
            }
            else
            {
                await redis.StartAgainAsync();
            }

            await EachAsync(pair, async replica => await pair.ReadyAsync(replica) == "{\"status\":\"ok\"}", "Redis is used again");
            await EachAsync(pair, async replica => await ReplicaPair.MetricAsync(replica, RedisUp) == 1, "the metric tells that, too");
            await EachAsync(pair, async replica => await ReplicaPair.MetricAsync(replica, Others) == 1, "the replicas hear each other again");
            await EndAsync(loads, frozen ? "Redis frozen" : "Redis halted");
        }
        finally
        {
            redis.Thaw();
        }
    }

    private static async Task LosePostgresAsync(TimeSpan outage)
    {
        await using var mock = await MockUpstreamProcess.StartAsync(new MockUpstreamOptions { Name = "up", Journal = false });
        var postgres = await PostgresServer.StartAsync();
        try
        {
            await using var pair = await ReplicaPair.StartAsync(Declaration(mock), databaseUrl: await postgres.CreateDatabaseAsync());
            var loads = await StartLoadsAsync(pair);

            await postgres.HaltAsync();
            await EachAsync(pair, async replica => (await pair.ReadyAsync(replica)).Contains("[\"database\"]", StringComparison.Ordinal), "readiness tells");
            await GoOnAsync(loads, outage);
            await postgres.StartAgainAsync();

            await EachAsync(pair, async replica => await pair.ReadyAsync(replica) == "{\"status\":\"ok\"}", "the database is followed again");
            await EndAsync(loads, "PostgreSQL stopped");
            var whole = loads.SelectMany(l => l.Whole).Order().ToList();
            await EachAsync(pair, async replica => await pair.JournaledAsync(replica) == 0, "the journal is stored");
            Assert.Equal(whole, (await pair.Logs.AllAsync()).Select(r => Guid.Parse(r.ClientRequestId!)).Order());
        }
        finally
        {
            postgres.Stop();
        }
    }

    private static GatewayDeclaration Declaration(MockUpstreamProcess mock) => new GatewayDeclaration()
        .Provider("up", mock.OpenAIBaseUrl)
        .Model("plain", ("up", "mock-latency=10"))
        .Model("stream", ("up", "mock-chunks=4+delay=5"));

    private static async Task<List<Load>> StartLoadsAsync(ReplicaPair pair)
    {
        var loads = pair.Both.Select(replica => new Load(replica.Address, ("plain", false), ("stream", true))).ToList();
        loads.ForEach(load => load.Start(Clients));
        await Task.WhenAll(loads.Select(load => load.WhenWholeAsync(Meanwhile)));
        return loads;
    }

    private static async Task GoOnAsync(List<Load> loads, TimeSpan outage)
    {
        await Task.Delay(outage);
        await Task.WhenAll(loads.Select(load => load.WhenWholeAsync(load.Whole.Count + Meanwhile)));
    }

    private static async Task EndAsync(List<Load> loads, string what)
    {
        await Task.WhenAll(loads.Select(load => load.WhenWholeAsync(load.Whole.Count + Meanwhile)));
        await Task.WhenAll(loads.Select(load => load.StopAsync()));
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {loads.Sum(l => l.Whole.Count)} requests over two replicas, failures {loads.Sum(l => l.Failures.Count + l.Cut.Count)}");
        Assert.Empty(loads.SelectMany(l => l.Failures));
        Assert.Empty(loads.SelectMany(l => l.Cut));
    }

    private static async Task EachAsync(ReplicaPair pair, Func<GatewayProcess, Task<bool>> condition, string what)
    {
        foreach (var replica in pair.Both)
        {
            await Eventually.TrueAsync(() => condition(replica), what);
        }
    }
}
