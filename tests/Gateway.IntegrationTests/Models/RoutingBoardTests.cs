using System.Text.Json;
using AIHigress.Gateway.IntegrationTests.Identity;
using AIHigress.Gateway.IntegrationTests.Providers;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.IntegrationTests.Models;

/// <summary>What routing knows, shown live, and an operator's word that something works again.</summary>
public abstract class RoutingBoardTests(UpstreamGateway gateway)
{
    private const string Board = "/api/v1/routing/board";
    private const string Circuits = "/api/v1/routing/circuits";

    [Fact]
    public async Task Board_AfterTraffic_ShowsWhatWasMeasuredOfEachUpstream()
    {
        var (admin, client) = await SignInAsync();
        var (good, bad, model) = (UpstreamGateway.NewName("board"), UpstreamGateway.NewName("board"), UpstreamGateway.NewName("board"));
        await gateway.AddProviderAsync(admin, good, "mock-ok");
        await gateway.AddProviderAsync(admin, bad, "mock-status=500");
        (await admin.PostAsync("/api/v1/logical-models", new
        {
            id = model,
            strategy = "priority",
            upstreams = new[] { new { provider = bad, model = "mock-status=500", weight = 3 }, new { provider = good, model = "mock-ok", weight = 1 } },
        })).MustBe(201);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(200, await AskAsync(client, model, i));
        }

        var rows = (await admin.GetAsync($"{Board}?model={model}"))["items"].EnumerateArray().ToDictionary(r => r.GetProperty("provider").GetString()!);

        Assert.Equal(2, rows.Count);
        Assert.Equal(("open", 1d, 3, 3d), (rows[bad].GetProperty("circuit").GetString(), rows[bad].GetProperty("error_rate").GetDouble(), rows[bad].GetProperty("samples").GetInt32(), rows[bad].GetProperty("weight").GetDouble()));
        Assert.Equal(("closed", 0d, 3), (rows[good].GetProperty("circuit").GetString(), rows[good].GetProperty("error_rate").GetDouble(), rows[good].GetProperty("samples").GetInt32()));
        Assert.True(rows[bad].GetProperty("dynamic_weight").GetDouble() < rows[good].GetProperty("dynamic_weight").GetDouble());
        Assert.Equal((1, 1, JsonValueKind.Null), (rows[good].GetProperty("keys").GetInt32(), rows[good].GetProperty("keys_usable").GetInt32(), rows[good].GetProperty("headroom").ValueKind));
        Assert.True(rows[good].GetProperty("takes_traffic").GetBoolean());
        Assert.Contains((await admin.GetAsync(Board))["items"].EnumerateArray(), r => r.GetProperty("logical_model").GetString() == model);
        Assert.Empty((await admin.GetAsync($"{Board}?model=nothing-of-this-name"))["items"].EnumerateArray());
    }

    [Fact]
    public async Task Board_WithoutThePermission_ShowsOnlyOnesOwnProviders()
    {
        var user = await gateway.AddSignedInUserAsync();
        var other = await gateway.AddSignedInUserAsync();
        var provider = await user.Api.PostAsync("/api/v1/providers", new
        {
            name = "Mine",
            base_url = gateway.UpstreamUrl,
            keys = new[] { new { label = "main", key = "sk-upstream-key-0001" } },
            models = new[] { "mock-ok" },
        });
        provider.MustBe(201);
        var model = $"{provider.Text("id")}/mock-ok";

        Assert.Equal([provider.Text("id")], Providers(await user.Api.GetAsync($"{Board}?model={model}")));
        Assert.Empty(Providers(await other.Api.GetAsync($"{Board}?model={model}")));
        (await other.Api.GetAsync(Circuits)).MustBe(403, "forbidden");
        (await other.Api.PostAsync($"{Circuits}/reset", new { provider = provider.Text("id") })).MustBe(403, "forbidden");
    }

    [Fact]
    public async Task Reset_OpenCircuit_ClosesAndIsAudited()
    {
        var (admin, client) = await SignInAsync();
        var provider = UpstreamGateway.NewName("circuit");
        await gateway.AddProviderAsync(admin, provider, "mock-status=500");
        var model = $"{provider}/mock-status=500";
        for (var i = 0; i < 3; i++)
        {
            await AskAsync(client, model, i);
        }

        var open = Assert.Single(await CircuitsOfAsync(admin, provider));
        Assert.Equal(("open", "mock-status=500", model), (open.GetProperty("state").GetString(), open.GetProperty("model").GetString(), open.GetProperty("logical_model").GetString()));
        Assert.Equal(gateway.Clock.GetUtcNow().AddSeconds(60), open.GetProperty("until").GetDateTimeOffset(), TimeSpan.FromSeconds(1));

        var reset = await admin.PostAsync($"{Circuits}/reset", new { provider, model = "mock-status=500" });

        reset.MustBe(200);
        Assert.Equal(1, reset["count"].GetInt32());
        Assert.Empty(await CircuitsOfAsync(admin, provider));
        var decided = await admin.PostAsync("/api/v1/routing/decide", new { model });
        Assert.Equal("closed", decided["candidates"][0].GetProperty("circuit").GetString());
        Assert.Equal(1, await gateway.InDatabaseAsync(db => db.AuditLog.CountAsync(a => a.Action == "circuits.reset" && a.Target == $"provider:{provider}")));
        (await admin.PostAsync($"{Circuits}/reset", new { provider = "nobody-of-this-name" })).MustBe(404, "not_found");
        (await admin.PostAsync($"{Circuits}/reset", new { model = "m" })).MustBe(400, "validation_failed");
    }

    [Fact]
    public async Task Reset_RestingKey_ServesAgainAtOnce()
    {
        var (admin, client) = await SignInAsync();
        var provider = UpstreamGateway.NewName("resting");
        var upstream = $"mock-status=429+retry-after=300+times=1+prompt-tokens={Random.Shared.Next(1, 1_000_000)}";
        var made = await gateway.AddProviderAsync(admin, provider, upstream);
        var model = $"{provider}/{upstream}";
        Assert.Equal(429, await AskAsync(client, model, 0));
        Assert.Equal(503, await AskAsync(client, model, 1));

        var rest = Assert.Single(await CircuitsOfAsync(admin, provider), c => c.GetProperty("key").ValueKind == JsonValueKind.String);
        Assert.Equal(("main", "resting", 1), (rest.GetProperty("key").GetString(), rest.GetProperty("state").GetString(), rest.GetProperty("failures").GetInt32()));
        (await admin.PostAsync($"{Circuits}/reset", new { provider, key_id = Guid.NewGuid() })).MustBe(404, "not_found");
        (await admin.PostAsync($"{Circuits}/reset", new { provider, key_id = rest.GetProperty("key_id").GetGuid() })).MustBe(200);

        Assert.Equal(200, await AskAsync(client, model, 2));
        Assert.Equal(201, made.Status);
    }

    private async Task<(Api Admin, Api Client)> SignInAsync()
    {
        var admin = (await gateway.SignInAsAdministratorAsync()).Api;
        var key = await admin.PostAsync("/api/v1/api-keys", new { name = UpstreamGateway.NewName("board") });
        return (admin, gateway.NewApi().With(key.Text("token")));
    }

    // No two requests are the same: one that fails again and again says nothing of the upstream.
    private static async Task<int> AskAsync(Api client, string model, int number) =>
        (await client.PostAsync("/v1/chat/completions", new { model, messages = new[] { new { role = "user", content = $"question {number}" } } })).Status;

    private static async Task<List<JsonElement>> CircuitsOfAsync(Api admin, string provider)
    {
        var answer = await admin.GetAsync(Circuits);
        answer.MustBe(200);
        return [.. answer["items"].EnumerateArray().Where(c => c.GetProperty("provider").GetString() == provider)];
    }

    private static IEnumerable<string?> Providers(Answer answer)
    {
        answer.MustBe(200);
        return answer["items"].EnumerateArray().Select(r => r.GetProperty("provider").GetString());
    }
}

[Collection(UpstreamOverSqlite.Name)]
public sealed class RoutingBoardOverSqlite(UpstreamOverSqlite gateway) : RoutingBoardTests(gateway);

[Collection(UpstreamOverPostgres.Name)]
public sealed class RoutingBoardOverPostgres(UpstreamOverPostgres gateway) : RoutingBoardTests(gateway);
