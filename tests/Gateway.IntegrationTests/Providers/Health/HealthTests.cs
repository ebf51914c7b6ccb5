using System.Text.Json;
using AIHigress.Gateway.Features.Providers.Health.Traffic;
using AIHigress.Gateway.IntegrationTests.Identity;
using AIHigress.MockUpstream.Scripting;
using AIHigress.TestKit;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.IntegrationTests.Providers.Health;

/// <summary>Providers fall and rise by their probes and their traffic, and clients notice.</summary>
public abstract class HealthTests(HealthGateway gateway)
{
    private static readonly Behaviour Broken = new() { Status = 500 };

    [Fact]
    public async Task Probe_AnswersAreGood_HealthyWithARecordOfKindProbe()
    {
        var id = await gateway.AddProviderAsync("good");

        await gateway.LookAsync();

        var health = await gateway.HealthAsync(id);
        Assert.Equal(("healthy", "probe_good"), (health.Text("health"), health.Text("reason")));
        var probe = Assert.Single(health["probes"].EnumerateArray());
        Assert.Equal(("ok", id), (probe.GetProperty("outcome").GetString(), probe.GetProperty("model").GetString()));
        Assert.True(probe.GetProperty("output_tokens").GetInt64() > 0);
        var provider = await gateway.ProviderAsync(id);
        Assert.Equal("healthy", provider.Text("health"));
        Assert.NotEqual(JsonValueKind.Null, provider["last_probe_at"].ValueKind);
        Assert.Equal([id], (await gateway.Admin.GetAsync($"/api/v1/providers?health=healthy&q={id}")).Ids());
        Assert.Empty((await gateway.Admin.GetAsync($"/api/v1/providers?health=unknown&q={id}")).Ids());
        var logged = await ProbeLogAsync(id);
        Assert.Equal(("probe", 200, id), (logged.Kind, logged.Status, logged.UpstreamModel));
        Assert.True(logged.InputTokens > 0 && logged.OutputTokens > 0);
        Assert.Equal((null, null), (logged.UserId, logged.ApiKeyId));
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("empty")]
    [InlineData("status")]
    [InlineData("refuse")]
    public async Task Probe_NoRealChatComesBack_ThreeOfThemTakeItDownAndTwoGoodOnesLiftItByAStep(string fault)
    {
        var id = await gateway.AddProviderAsync("fails");
        gateway.Mock.Script(id, fault switch
        {
            "garbage" => new Behaviour { Garbage = "json" },
            "empty" => new Behaviour { Empty200 = true },
            "refuse" => new Behaviour { Refuse = true },
            _ => Broken,
        });

        await gateway.LookAsync();
        await gateway.LookForProbesAsync(1);
        Assert.Equal("unknown", await gateway.StateAsync(id));
        await gateway.LookForProbesAsync(1);
        var down = await gateway.HealthAsync(id);
        Assert.Equal(("down", "probes_failed"), (down.Text("health"), down.Text("reason")));

        gateway.Mock.Script(id, new Behaviour());
        await gateway.LookForProbesAsync(1);
        Assert.Equal("down", await gateway.StateAsync(id));
        await gateway.LookForProbesAsync(1);
        Assert.Equal("degraded", await gateway.StateAsync(id));
        await gateway.LookForProbesAsync(2);

        var health = await gateway.HealthAsync(id);
        Assert.Equal("healthy", health.Text("health"));
        Assert.Equal(
            ["degraded>healthy", "down>degraded", "unknown>down"],
            Changes(health));
        Assert.Equal(7, health["probes"].GetArrayLength());
    }

    [Fact]
    public async Task Traffic_ATenthOfItFails_DegradedUntilProbesLiftIt()
    {
        var (failing, spare) = (await gateway.AddProviderAsync("failing"), await gateway.AddProviderAsync("spare"));
        var model = HealthGateway.NewName("served");
        (await gateway.Admin.PostAsync("/api/v1/logical-models", new
        {
            id = model,
            strategy = "priority",
            upstreams = new[] { new { provider = failing, model = failing }, new { provider = spare, model = spare } },
        })).MustBe(201);
        await gateway.LookAsync();

        // Three of 23: then its circuit opens.
        await SendAsync(model, 20, "failing");
        gateway.Mock.Script(failing, Broken);
        await SendAsync(model, 5, "spare");
        gateway.Mock.Script(failing, new Behaviour());

        await gateway.LookAsync();
        Assert.Equal(("degraded", "error_rate"), ((await gateway.HealthAsync(failing)).Text("health"), (await gateway.HealthAsync(failing)).Text("reason")));
        await gateway.LookForProbesAsync(2);
        Assert.Equal("healthy", await gateway.StateAsync(failing));
        Assert.Equal((200, $"{failing}/{failing}"), await gateway.ChatAsync(model));

        async Task SendAsync(string name, int times, string by)
        {
            for (var i = 0; i < times; i++)
            {
                var (status, servedBy) = await gateway.ChatAsync(name);
                Assert.Equal(200, status);
                Assert.StartsWith(by, servedBy, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Chat_ProviderIsDown_AnotherAnswersThoughThisOneWouldAndAloneItIsTriedAnyway()
    {
        var (down, spare) = (await gateway.AddProviderAsync("fallen"), await gateway.AddProviderAsync("stands"));
        var model = HealthGateway.NewName("either");
        (await gateway.Admin.PostAsync("/api/v1/logical-models", new
        {
            id = model,
            strategy = "priority",
            upstreams = new[] { new { provider = down, model = down }, new { provider = spare, model = spare } },
        })).MustBe(201);
        Assert.Equal((200, $"{down}/{down}"), await gateway.ChatAsync(model));
        gateway.Mock.Script(down, Broken);
        await gateway.LookAsync();
        await gateway.LookForProbesAsync(2);
        Assert.Equal("down", await gateway.StateAsync(down));
        gateway.Mock.Script(down, new Behaviour());

        Assert.Equal((200, $"{spare}/{spare}"), await gateway.ChatAsync(model));
        Assert.Equal((200, $"{down}/{down}"), await gateway.ChatAsync($"{down}/{down}"));

        await gateway.LookForProbesAsync(2);
        Assert.Equal((200, $"{down}/{down}"), await gateway.ChatAsync(model));
    }

    [Fact]
    public async Task Probe_EnoughClientsAreServed_IsLeftOut()
    {
        var id = await gateway.AddProviderAsync("busy");
        await gateway.LookAsync();
        Assert.Single(gateway.Mock.Requests(id));
        gateway.Clock.Advance(TimeSpan.FromSeconds(331));
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(200, (await gateway.ChatAsync($"{id}/{id}", stream: i % 2 == 0)).Status);
        }

        await gateway.LookAsync();

        Assert.Equal(21, gateway.Mock.Requests(id).Count);
        var health = await gateway.HealthAsync(id);
        Assert.Equal("healthy", health.Text("health"));
        Assert.Single(health["probes"].EnumerateArray());
        Assert.NotEqual(JsonValueKind.Null, health["last_traffic_at"].ValueKind);
        var status = await gateway.Admin.GetAsync($"/api/v1/provider-status/{id}");
        Assert.Equal(0, status["error_rate"].GetDouble());
        Assert.True(status["ttft_p95_ms"].GetDouble() > 0);

        await gateway.LookAsync(TimeSpan.FromMinutes(7));
        Assert.Equal(22, gateway.Mock.Requests(id).Count);
    }

    [Fact]
    public async Task Probe_TooManyRequests_TellsNothing()
    {
        var id = await gateway.AddProviderAsync("limited");
        gateway.Mock.Script(id, new Behaviour { Status = 429, RetryAfter = "1" });

        await gateway.LookAsync();
        await gateway.LookForProbesAsync(3);

        var health = await gateway.HealthAsync(id);
        Assert.Equal("unknown", health.Text("health"));
        Assert.All(health["probes"].EnumerateArray(), p => Assert.Equal("inconclusive", p.GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task Traffic_FirstTokensTakeThreeTimesTheUsual_Degraded()
    {
        var id = await gateway.AddProviderAsync("slow");
        await gateway.LookAsync(TimeSpan.FromMinutes(1));
        for (var hour = 1; hour <= 3; hour++)
        {
            await AnsweredAsync(id, minutesAgo: 60 * hour, streams: 30, ttftMs: 200);
        }

        await gateway.LookAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("healthy", await gateway.StateAsync(id));
        Assert.Equal(0, await gateway.InDatabaseAsync(db => db.ProviderTraffic.CountAsync(t => t.ProviderId == id)));
        await AnsweredAsync(id, minutesAgo: 0, streams: 30, ttftMs: 600);
        await gateway.LookAsync();

        var health = await gateway.HealthAsync(id);
        Assert.Equal(("degraded", "slow"), (health.Text("health"), health.Text("reason")));
        Assert.InRange((await gateway.Admin.GetAsync($"/api/v1/provider-status/{id}"))["ttft_p50_ms"].GetDouble(), 550, 650);
    }

    [Fact]
    public async Task Uptime_MinutesAndChanges_ShareOfWhatWasSeen()
    {
        var id = await gateway.AddProviderAsync("timed", new { interval_seconds = 60, auto_pause = false });
        await gateway.LookAsync(TimeSpan.FromMinutes(1));
        for (var i = 0; i < 8; i++)
        {
            await gateway.LookAsync(TimeSpan.FromSeconds(67));
        }

        gateway.Mock.Script(id, Broken);
        for (var i = 0; i < 10; i++)
        {
            await gateway.LookAsync(TimeSpan.FromSeconds(67));
        }

        var health = await gateway.HealthAsync(id, "?range=24h");
        Assert.Equal("down", health.Text("health"));
        var days = (await gateway.HealthAsync(id))["days"].EnumerateArray().ToList();
        Assert.Equal((11, 8), (days.Sum(d => d.GetProperty("up_minutes").GetInt32()), days.Sum(d => d.GetProperty("down_minutes").GetInt32())));
        Assert.Equal(11.0 / 19, health["uptime"].GetProperty("last_7d").GetDouble(), 6);

        // Eleven steps of 67 s up, seven down: by the changes, to the second.
        Assert.Equal(11.0 / 18, health["uptime"].GetProperty("last_24h").GetDouble(), 6);
        var status = await gateway.Admin.GetAsync($"/api/v1/provider-status?q={id}");
        var incident = Assert.Single(Assert.Single(status.Items()).GetProperty("open_incidents").EnumerateArray());
        Assert.Equal("probes_failed", incident.GetProperty("reason").GetString());
        Assert.Equal(JsonValueKind.Null, Assert.Single(status.Items()).GetProperty("error_rate").ValueKind);
    }

    /// <summary>Streams that another replica answered.</summary>
    private Task<int> AnsweredAsync(string id, int minutesAgo, int streams, int ttftMs)
    {
        var ttft = new int[TtftScale.Steps];
        ttft[TtftScale.StepOf(ttftMs)] = streams;
        var minute = (gateway.Clock.GetUtcNow().ToUnixTimeSeconds() / 60) - minutesAgo;
        return gateway.InDatabaseAsync(db =>
        {
            db.ProviderTraffic.Add(new TrafficMinute { ProviderId = id, Minute = minute, Replica = "other", Answered = streams, Ttft = ttft });
            return db.SaveChangesAsync();
        });
    }

    private static IEnumerable<string> Changes(Answer health) =>
        from change in health["timeline"].EnumerateArray()
        where change.GetProperty("kind").GetString() == "health_changed"
        select $"{change.GetProperty("from").GetString()}>{change.GetProperty("to").GetString()}";

    private async Task<Features.Usage.RequestLog> ProbeLogAsync(string provider)
    {
        Features.Usage.RequestLog? found = null;
        await Eventually.TrueAsync(
            async () =>
            {
                gateway.Clock.Advance(TimeSpan.FromSeconds(1));
                return (found = await gateway.InDatabaseAsync(db => db.RequestLogs.AsNoTracking().FirstOrDefaultAsync(r => r.ProviderId == provider))) is not null;
            },
            "the probe is in the request log");
        return found!;
    }
}

public sealed class SqliteHealthTests(HealthOverSqlite gateway) : HealthTests(gateway), IClassFixture<HealthOverSqlite>;

public sealed class PostgresHealthTests(HealthOverPostgres gateway) : HealthTests(gateway), IClassFixture<HealthOverPostgres>;
