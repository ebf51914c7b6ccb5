using System.Globalization;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Limits;

/// <summary>Redis hangs or is gone under load: requests go on, limits hold by each replica's own count, and Redis is taken up again.</summary>
public sealed class RedisAwayTests
{
    private const string Wide = "sk-test-key-that-asks-redis-often";
    private const string Token = "metrics-token-of-the-redis-tests";
    private const string Narrow = "sk-test-key-with-few-requests-to-make";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ask_RedisHangsOrIsGone_NoRequestFailsAndLimitsHoldHere(bool hangs)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var mock = await MockUpstreamHost.StartAsync(new MockUpstreamOptions());
        var declaration = new GatewayDeclaration()
            .Provider("up", mock.OpenAIBaseUrl)
            .Model("plain", ("up", "mock-ok"))
            .LimitedApiKey("wide", Wide, new { rpm = 900_000, tpm = 1_000_000_000, concurrency = 500 })
            .LimitedApiKey("narrow", Narrow, new { rpm = 5 });
        declaration.Environment["REDIS_URL"] = redis.Url;
        declaration.Environment["REDIS_SLOW_MS"] = "100";
        declaration.Environment["PROMETHEUS_TOKEN"] = Token;
        await using var site = new GatewaySite(declaration);
        var gateway = await site.StartAsync();
        using var narrow = new ChatClient(gateway.Address, Narrow);
        await Eventually.TrueAsync(async () => await AskedAsync(redis.Port, gateway.Address), "Redis counts");
        var load = new WideLoad(gateway.Address, Wide, 6);
        await load.PassedAsync(30);

        if (hangs)
        {
            redis.Freeze();
        }
        else
        {
            redis.Halt();
        }

        await load.PassedAsync(60);
        await Eventually.TrueAsync(async () => await SharedAsync(gateway.Address) == 0, "the metric says that this replica counts alone");
        Assert.Contains("Redis is away or slow", gateway.Output + gateway.Error, StringComparison.Ordinal);
        var statuses = new List<int>();
        for (var i = 0; i < 8; i++)
        {
            statuses.Add((await narrow.AskAsync("plain")).Status);
        }

        Assert.InRange(statuses.Count(s => s == 200), 5, 6);
        Assert.Contains(429, statuses);
        await load.PassedAsync(30);
        if (hangs)
        {
            redis.Thaw();
        }
        else
        {
            await redis.StartAgainAsync();
        }

        await Eventually.TrueAsync(async () => await AskedAsync(redis.Port, gateway.Address), "Redis counts again");
        await Eventually.TrueAsync(async () => await SharedAsync(gateway.Address) == 1, "the metric says so");
        await load.PassedAsync(30);
        Assert.Empty(await load.EndAsync());
    }

    /// <summary>What the metric says: whether Redis counts.</summary>
    private static async Task<int> SharedAsync(string address)
    {
        using var client = new ChatClient(address, Token);
        var line = (await client.GetAsync("/metrics")).Body.Split('\n').Single(l => l.StartsWith("aihigress_limits_shared", StringComparison.Ordinal));
        return int.Parse(line.Split('}')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);
    }

    // A request of this very key is seen by Redis.
    private static async Task<bool> AskedAsync(int port, string address)
    {
        await using var watch = await RedisWatch.ConnectAsync(port);
        var before = await watch.CallsAsync("evalsha");
        using var client = new ChatClient(address, Wide);
        Assert.Equal(200, (await client.AskAsync("plain")).Status);
        return await watch.CallsAsync("evalsha") > before;
    }

    /// <summary>Clients that ask one request after the other, and expect every one to be answered.</summary>
    private sealed class WideLoad
    {
        private readonly Task _clients;
        private readonly List<string> _failures = [];
        private int _passed;
        private volatile bool _ended;

        public WideLoad(string address, string key, int clients) =>
            _clients = Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(() => RunAsync(address, key))));

        /// <summary>So many more were answered.</summary>
        public async Task PassedAsync(int more)
        {
            var target = Volatile.Read(ref _passed) + more;
            await Eventually.TrueAsync(() => Volatile.Read(ref _passed) >= target || _clients.IsCompleted, "requests are answered");
        }

        public async Task<IReadOnlyList<string>> EndAsync()
        {
            _ended = true;
            await _clients;
            return _failures;
        }

        private async Task RunAsync(string address, string key)
        {
            using var client = new ChatClient(address, key);
            for (var i = 0; !_ended; i++)
            {
                var reply = await client.AskAsync("plain", stream: i % 2 == 0);
                if (reply.Status == 200)
                {
                    Interlocked.Increment(ref _passed);
                    continue;
                }

                lock (_failures)
                {
                    _failures.Add($"{reply.Status} {reply.Body}");
                }
            }
        }
    }
}
