using System.Text.Json;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.IntegrationTests.Identity;
using AIHigress.Gateway.IntegrationTests.Providers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AIHigress.Gateway.IntegrationTests.Models;

public abstract class LogicalModelTests(UpstreamGateway gateway)
{
    private const string Path = "/api/v1/logical-models";

    [Fact]
    public async Task Create_ReadChangeDelete_RoutesFollow()
    {
        var (admin, provider) = await NewProviderAsync("mock-1", "mock-2");
        var id = $"team/{UpstreamGateway.NewName("model")}";
        var alias = UpstreamGateway.NewName("alias");

        var made = await admin.PostAsync(Path, new
        {
            id,
            display_name = "A model",
            aliases = new[] { alias },
            strategy = "weighted",
            upstreams = new object[] { new { provider, model = "mock-1", weight = 3 }, new { provider, model = "mock-2" } },
            timeouts = new { ttft_ms = 900 },
        });

        made.MustBe(201);
        Assert.Equal((JsonValueKind.Null, "\"v1\"", "explicit"), (made["warnings"].ValueKind, made.ETag(), made.Text("origin")));
        Assert.Equal(2, Table.Resolve(alias)!.Upstreams.Count);
        foreach (var path in (string[])[$"{Path}/{id}", $"{Path}/{id.Replace("/", "%2F", StringComparison.Ordinal)}"])
        {
            var read = await admin.GetAsync(path);
            read.MustBe(200);
            Assert.Equal((id, "\"v1\"", 1), (read.Text("id"), read.ETag(), read["upstreams"][1].GetProperty("weight").GetInt32()));
        }

        var changed = await admin.PatchAsync($"{Path}/{id}", new Dictionary<string, object?>
        {
            ["aliases"] = new[] { alias + "-2" },
            ["strategy"] = null,
            ["upstreams"] = new object[] { new { provider, model = "mock-2", weight = 0 } },
        }, "\"v1\"");

        changed.MustBe(200);
        Assert.Equal(("A model", JsonValueKind.Null, "\"v2\""), (changed.Text("display_name"), changed["strategy"].ValueKind, changed.ETag()));
        Assert.Null(Table.Resolve(alias));
        Assert.Equal("mock-2", Assert.Single(Table.Resolve(alias + "-2")!.Upstreams).Model);

        (await admin.DeleteAsync($"{Path}/{id}", "\"v2\"")).MustBe(204);
        Assert.Null(Table.Resolve(id));
        (await admin.GetAsync($"{Path}/{id}")).MustBe(404);
        Assert.Equal(0, await gateway.InDatabaseAsync(db => db.ModelNames.CountAsync(n => n.ModelId == id)));
    }

    [Fact]
    public async Task Create_HowItWantsToBeServed_ReadBackAndRouted()
    {
        var (admin, provider) = await NewProviderAsync("mock-1");
        var id = UpstreamGateway.NewName("wishes");

        var made = await admin.PostAsync(Path, new
        {
            id,
            strategy = "latency_first",
            affinity = "prefix",
            hedge_after = 800,
            throughput_guard = new { min_chars_per_second = 12.5 },
            continuation = true,
            bandit_reward = "ratings",
            upstreams = new[] { new { provider, model = "mock-1" } },
        });

        made.MustBe(201);
        var read = await admin.GetAsync($"{Path}/{id}");
        Assert.Equal(("latency_first", "prefix", 800), (read.Text("strategy"), read.Text("affinity"), read["hedge_after"].GetInt32()));
        Assert.Equal((12.5, true, "ratings"), (read["throughput_guard"].GetProperty("min_chars_per_second").GetDouble(), read["continuation"].GetBoolean(), read.Text("bandit_reward")));
        var route = Table.Resolve(id)!;
        Assert.Equal((RoutingStrategy.LatencyFirst, PromptAffinity.Prefix, new HedgeAfter(TimeSpan.FromMilliseconds(800), false)), (route.Strategy, route.Affinity, route.HedgeAfter));
        Assert.Equal((new ThroughputGuard(12.5), true, BanditReward.Ratings), (route.ThroughputGuard, route.Continuation, route.BanditReward));

        var changed = await admin.PatchAsync($"{Path}/{id}", new Dictionary<string, object?> { ["hedge_after"] = "p95", ["affinity"] = null, ["throughput_guard"] = null }, made.ETag());

        changed.MustBe(200);
        Assert.Equal(("p95", "none", true), (changed.Text("hedge_after"), changed.Text("affinity"), changed["continuation"].GetBoolean()));
        Assert.Equal((new HedgeAfter(null, true), PromptAffinity.None, default(ThroughputGuard)), (Table.Resolve(id)!.HedgeAfter, Table.Resolve(id)!.Affinity, Table.Resolve(id)!.ThroughputGuard));
    }

    [Fact]
    public async Task Create_OverAnAutomaticModel_ReplacesItAndGivesWayWhenDeleted()
    {
        var name = UpstreamGateway.NewName("auto");
        var (admin, provider) = await NewProviderAsync(name, "mock-other");

        var automatic = await admin.GetAsync($"{Path}/{name}");
        Assert.Equal(("automatic", JsonValueKind.Null), (automatic.Text("origin"), automatic["version"].ValueKind));
        (await admin.PatchAsync($"{Path}/{name}", new { enabled = false }, "\"v1\"")).MustBe(409, "automatic_model");
        (await admin.DeleteAsync($"{Path}/{name}", "\"v1\"")).MustBe(409, "automatic_model");

        (await admin.PostAsync(Path, new { id = name, upstreams = new[] { new { provider, model = "mock-other" } } })).MustBe(201);
        Assert.Equal("explicit", (await admin.GetAsync($"{Path}/{name}")).Text("origin"));
        Assert.Equal("mock-other", Assert.Single(Table.Resolve(name)!.Upstreams).Model);
        Assert.Single((await admin.GetAsync($"{Path}?q={name}")).Items());

        (await admin.DeleteAsync($"{Path}/{name}", "\"v1\"")).MustBe(204);
        Assert.Equal("automatic", (await admin.GetAsync($"{Path}/{name}")).Text("origin"));
        Assert.Equal(name, Assert.Single(Table.Resolve(name)!.Upstreams).Model);
    }

    [Fact]
    public async Task Create_NameThatIsAnIdOrAlias_NameTakenAlsoWhenTwoAskAtOnce()
    {
        var admin = (await gateway.SignInAsAdministratorAsync()).Api;
        var (id, alias) = (UpstreamGateway.NewName("taken"), UpstreamGateway.NewName("taken"));
        (await admin.PostAsync(Path, new { id, aliases = new[] { alias } })).MustBe(201);

        (await admin.PostAsync(Path, new { id })).MustBe(409, "name_taken");
        (await admin.PostAsync(Path, new { id = alias })).MustBe(409, "name_taken");
        (await admin.PostAsync(Path, new { id = UpstreamGateway.NewName("x"), aliases = new[] { id } })).MustBe(409, "name_taken");

        var name = UpstreamGateway.NewName("raced");
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => admin.PostAsync(Path, new { id = $"{name}-{i}", aliases = new[] { name } })));
        Assert.Single(answers, a => a.Status == 201);
        Assert.All(answers.Where(a => a.Status != 201), a => a.MustBe(409, "name_taken"));
    }

    [Theory]
    [InlineData("""{"id":""}""", "id")]
    [InlineData("""{"id":"a b"}""", "id")]
    [InlineData("""{"id":"x","strategy":"magic"}""", "strategy")]
    [InlineData("""{"id":"x","upstreams":[{"provider":"p1","model":"m","weight":1001}]}""", "upstreams[0].weight")]
    [InlineData("""{"id":"x","upstreams":[{"provider":"p1","model":"m"},{"provider":"p1","model":"m"}]}""", "upstreams[1]")]
    [InlineData("""{"id":"x","upstreams":[{"model":"m"}]}""", "upstreams[0].provider")]
    [InlineData("""{"id":"x","fallbacks":["a","b","c","d","e","f"]}""", "fallbacks")]
    [InlineData("""{"id":"x","fallbacks":["x"]}""", "fallbacks[0]")]
    [InlineData("""{"id":"x","aliases":["y","y"]}""", "aliases[1]")]
    [InlineData("""{"id":"x","hedge_after_ms":5}""", "hedge_after_ms")]
    [InlineData("""{"id":"x","hedge_after":"soon"}""", "hedge_after")]
    [InlineData("""{"id":"x","hedge_after":0}""", "hedge_after")]
    [InlineData("""{"id":"x","affinity":"session"}""", "affinity")]
    [InlineData("""{"id":"x","bandit_reward":"money"}""", "bandit_reward")]
    [InlineData("""{"id":"x","throughput_guard":{"min_chars_per_second":0}}""", "throughput_guard.min_chars_per_second")]
    public async Task Create_BadField_Named(string body, string field)
    {
        var admin = (await gateway.SignInAsAdministratorAsync()).Api;

        var answer = await admin.PostAsync(Path, JsonDocument.Parse(body).RootElement);

        answer.MustBe(400, "validation_failed");
        Assert.NotEmpty(answer.Faults(field));
    }

    [Fact]
    public async Task Create_UpstreamThatIsNotThere_WarningNotError()
    {
        var (admin, provider) = await NewProviderAsync("mock-1");

        var answer = await admin.PostAsync(Path, new
        {
            id = UpstreamGateway.NewName("warned"),
            upstreams = new[] { new { provider = "nobody-here", model = "m" }, new { provider, model = "unlisted" } },
            fallbacks = new[] { "never-made" },
        });

        answer.MustBe(201);
        Assert.Equal(["provider_missing", "model_unknown", "fallback_missing"], answer["warnings"].EnumerateArray().Select(w => w.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Update_FallbacksThatMakeACircle_Refused()
    {
        var admin = (await gateway.SignInAsAdministratorAsync()).Api;
        var (a, b, c) = (UpstreamGateway.NewName("circle"), UpstreamGateway.NewName("circle"), UpstreamGateway.NewName("circle"));
        (await admin.PostAsync(Path, new { id = a })).MustBe(201);
        (await admin.PostAsync(Path, new { id = b, fallbacks = new[] { a } })).MustBe(201);
        (await admin.PostAsync(Path, new { id = c, fallbacks = new[] { b } })).MustBe(201);

        var answer = await admin.PatchAsync($"{Path}/{a}", new { fallbacks = new[] { c } }, "\"v1\"");

        answer.MustBe(400, "validation_failed");
        Assert.Equal(["circle"], answer.Faults("fallbacks"));
        (await admin.DeleteAsync($"{Path}/{a}", "\"v1\"")).MustBe(409, "in_use");
    }

    [Fact]
    public async Task Update_WithoutOrWithAnOldETag_Refused()
    {
        var admin = (await gateway.SignInAsAdministratorAsync()).Api;
        var id = UpstreamGateway.NewName("versioned");
        (await admin.PostAsync(Path, new { id })).MustBe(201);

        (await admin.PatchAsync($"{Path}/{id}", new { enabled = false })).MustBe(428, "precondition_required");
        (await admin.PatchAsync($"{Path}/{id}", new { enabled = false }, "\"v1\"")).MustBe(200);
        (await admin.PatchAsync($"{Path}/{id}", new { enabled = true }, "\"v1\"")).MustBe(412, "stale_version");
        Assert.False(Table.Resolve(id)!.Enabled);
    }

    [Fact]
    public async Task Read_ByUserWhoSeesSomeProviders_TheOthersAreCountedNotNamed()
    {
        var (admin, open) = await NewProviderAsync("mock-1");
        var owner = await gateway.AddSignedInUserAsync();
        var hidden = (await owner.Api.PostAsync("/api/v1/providers", new { name = "Hidden", base_url = "https://api.public.test/v1", models = new[] { "secret-model" } })).Text("id");
        var (mixed, closed) = (UpstreamGateway.NewName("mixed"), UpstreamGateway.NewName("closed"));
        (await admin.PostAsync(Path, new { id = mixed, upstreams = new[] { new { provider = open, model = "mock-1" }, new { provider = hidden, model = "secret-model" } } })).MustBe(201);
        (await admin.PostAsync(Path, new { id = closed, upstreams = new[] { new { provider = hidden, model = "secret-model" } } })).MustBe(201);
        var user = (await gateway.AddSignedInUserAsync()).Api;

        var read = await user.GetAsync($"{Path}/{mixed}");

        Assert.Equal(1, read["hidden_upstreams"].GetInt32());
        Assert.DoesNotContain(hidden, read.Body, StringComparison.Ordinal);
        (await user.GetAsync($"{Path}/{closed}")).MustBe(404, "not_found");
        (await user.GetAsync($"{Path}/secret-model")).MustBe(404);
        Assert.Equal("automatic", (await owner.Api.GetAsync($"{Path}/secret-model")).Text("origin"));
        var listed = (await user.GetAsync($"{Path}?limit=200")).Ids();
        Assert.Contains(mixed, listed);
        Assert.DoesNotContain(closed, listed);
        Assert.DoesNotContain("secret-model", listed);
        (await user.PostAsync(Path, new { id = "mine" })).MustBe(403, "forbidden");
    }

    [Fact]
    public async Task List_ExplicitAndAutomatic_OneOrderOverPages()
    {
        var mark = UpstreamGateway.NewName("list");
        var (admin, provider) = await NewProviderAsync($"{mark}-A", $"{mark}-c", $"{mark}-e");
        foreach (var name in (string[])["B", "d"])
        {
            (await admin.PostAsync(Path, new { id = $"{mark}-{name}", upstreams = new[] { new { provider, model = "m" } } })).MustBe(201);
        }

        var seen = new List<string>();
        var cursor = "";
        do
        {
            var page = await admin.GetAsync($"{Path}?q={mark}&limit=2{cursor}");
            page.MustBe(200);
            seen.AddRange(page.Ids());
            cursor = page["next_cursor"].GetString() is { } next ? $"&cursor={next}" : "";
        }
        while (cursor.Length > 0);

        Assert.Equal(new[] { "A", "B", "c", "d", "e" }.Select(n => $"{mark}-{n}"), seen);
        Assert.Equal([$"{mark}-B", $"{mark}-d"], (await admin.GetAsync($"{Path}?q={mark}&origin=explicit")).Ids());
        Assert.Equal(5, (await admin.GetAsync($"{Path}?provider={provider}&include_total=true"))["total"].GetInt32());
        var second = (await admin.GetAsync($"{Path}?q={mark}&limit=2"))["next_cursor"].GetString();
        (await admin.GetAsync($"{Path}?q=other&limit=2&cursor={second}")).MustBe(400, "invalid_cursor");
        (await admin.GetAsync($"{Path}?cursor=nonsense")).MustBe(400, "invalid_cursor");
    }

    [Fact]
    public async Task Decide_ModelOverTwoProviders_SameCandidatesAsTheTableAndNothingHiddenIsNamed()
    {
        var (admin, one) = await NewProviderAsync("mock-d");
        var (_, two) = await NewProviderAsync("mock-d");
        var id = UpstreamGateway.NewName("decided");
        (await admin.PostAsync(Path, new { id, strategy = "priority", upstreams = new[] { new { provider = two, model = "mock-d" }, new { provider = one, model = "mock-d" } } })).MustBe(201);

        var answer = await admin.PostAsync("/api/v1/routing/decide", new { model = id });

        answer.MustBe(200);
        Assert.Equal(("priority", id), (answer.Text("strategy"), answer.Text("logical_model")));
        Assert.Equal([two, one], answer["candidates"].EnumerateArray().Select(c => c.GetProperty("provider").GetString()));
        Assert.Equal(0, answer["hidden"].GetInt32());
        var only = await admin.PostAsync("/api/v1/routing/decide", new { model = id, only = new[] { one } });
        Assert.Equal([one], only["candidates"].EnumerateArray().Select(c => c.GetProperty("provider").GetString()));
        Assert.Contains(only["excluded"].EnumerateArray(), c => c.GetProperty("provider").GetString() == two);
        Assert.Equal("model_not_found", (await admin.PostAsync("/api/v1/routing/decide", new { model = "nothing-has-this-name" })).Text("error"));
        (await admin.PostAsync("/api/v1/routing/decide", new { model = id, strategy = "magic" })).MustBe(400, "validation_failed");
    }

    [Fact]
    public async Task Decide_AsKeyOrUser_OnlyOnesOwnUnlessAllowed()
    {
        var (admin, provider) = await NewProviderAsync("mock-d");
        var user = await gateway.AddSignedInUserAsync();
        var other = await gateway.AddSignedInUserAsync();
        var key = (await user.Api.PostAsync("/api/v1/api-keys", new { name = "limited", allowed_models = new[] { "nothing-else" } })).Text("id");
        var model = $"{provider}/mock-d";

        Assert.NotEmpty((await user.Api.PostAsync("/api/v1/routing/decide", new { model }))["candidates"].EnumerateArray());
        var limited = await user.Api.PostAsync("/api/v1/routing/decide", new { model, api_key_id = key });
        Assert.Empty(limited["candidates"].EnumerateArray());
        Assert.Equal("model_not_found", limited.Text("error"));
        (await other.Api.PostAsync("/api/v1/routing/decide", new { model, api_key_id = key })).MustBe(404, "not_found");
        (await other.Api.PostAsync("/api/v1/routing/decide", new { model, as_user = user.User.Id })).MustBe(403, "forbidden");
        (await admin.PostAsync("/api/v1/routing/decide", new { model, as_user = user.User.Id })).MustBe(200);
    }

    private RouteTable Table => gateway.Services.GetRequiredService<RouteTables>().Current;

    private async Task<(Api Admin, string Provider)> NewProviderAsync(params string[] models)
    {
        var admin = (await gateway.SignInAsAdministratorAsync()).Api;
        var id = UpstreamGateway.NewName("provider");
        await gateway.AddProviderAsync(admin, id, models);
        return (admin, id);
    }
}

[Collection(UpstreamOverSqlite.Name)]
public sealed class LogicalModelsOverSqlite(UpstreamOverSqlite gateway) : LogicalModelTests(gateway);

[Collection(UpstreamOverPostgres.Name)]
public sealed class LogicalModelsOverPostgres(UpstreamOverPostgres gateway) : LogicalModelTests(gateway);
