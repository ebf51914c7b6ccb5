using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AIHigress.Gateway.Features.Usage;
using AIHigress.Gateway.IntegrationTests.Identity;
using AIHigress.Gateway.IntegrationTests.Providers;
using AIHigress.TestKit;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.IntegrationTests.Models;

/// <summary>What decide says is what the trace of the request that follows says, over HTTP.</summary>
public sealed class DecisionTraceTests(DecisionWorld gateway) : IClassFixture<DecisionWorld>
{
    private const int RequestsPerRow = 250;

    private static readonly JsonSerializerOptions Plans = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    [Theory]
    [InlineData(1, new[] { "balanced", "latency_first" })]
    [InlineData(2, new[] { "weighted", "least_busy" })]
    [InlineData(3, new[] { "priority", "cost_first" })]
    [InlineData(4, new[] { "bandit", "reliability_first" })]
    public async Task Decide_RandomRequests_EqualTheirTraces(int seed, string[] strategies)
    {
        var dice = new Random(seed);
        var world = await WorldAsync(strategies);
        var decisions = new Dictionary<string, Answer>();
        for (var i = 0; i < RequestsPerRow; i++)
        {
            var asked = RandomRequest(dice, world);
            gateway.Seed((seed * 10_000) + i);
            var decision = await world.User.PostAsync("/api/v1/routing/decide", asked.Question);
            decision.MustBe(200);
            gateway.Seed((seed * 10_000) + i);
            var answer = await world.Client.SendAsync(HttpMethod.Post, "/v1/chat/completions", asked.Body, asked.Headers);
            decisions[answer.Headers["X-Request-Id"]] = decision;
            await gateway.QuietAsync();
        }

        var traces = await TracesAsync(decisions.Keys);
        var (candidates, excluded) = (0, new HashSet<string>());
        foreach (var (id, decision) in decisions)
        {
            var trace = traces[Guid.Parse(id)];
            Assert.Equal(decision["candidates"].Deserialize<List<PlanCandidate>>(Plans)!.ConvertAll(c => c with { KeyLabel = null }), trace.Candidates);
            Assert.Equal(decision["excluded"].Deserialize<List<PlanExclusion>>(Plans), trace.Excluded);
            Assert.Equal(decision["fallbacks"].Deserialize<List<PlanFallback>>(Plans), trace.Fallbacks);
            Assert.Equal((decision.Text("strategy"), decision["logical_model"].GetString(), decision["error"].GetString()), (trace.Strategy, trace.LogicalModel, trace.Error));
            candidates += trace.CandidateCount;
            excluded.UnionWith(trace.Excluded.Select(e => e.Reason));
        }

        Assert.InRange(candidates, RequestsPerRow, RequestsPerRow * 5);
        Assert.Superset(new HashSet<string> { "provider_paused", "lacks_capability", "context_too_short", "excluded_by_header", "circuit_open" }, excluded);
    }

    [Fact]
    public async Task RequestLog_OfAFailedOverRequest_ShowsPlanAttemptsAndKeys()
    {
        var world = await WorldAsync(["priority"]);
        var answer = await world.Client.SendAsync(HttpMethod.Post, "/v1/chat/completions", Body(world.Models[0], "hi", tools: false), []);
        var id = answer.Headers["X-Request-Id"];
        await TracesAsync([id]);

        var seen = await world.Admin.GetAsync($"/api/v1/request-logs/{id}");
        seen.MustBe(200);
        var plan = seen["plan"];
        var first = plan.GetProperty("candidates")[0];
        Assert.Equal(("main", "closed", "priority"), (first.GetProperty("key_label").GetString(), first.GetProperty("circuit").GetString(), plan.GetProperty("strategy").GetString()));
        Assert.Equal(0, plan.GetProperty("hidden").GetInt32());
        Assert.Contains("provider_paused", plan.GetProperty("excluded").EnumerateArray().Select(e => e.GetProperty("reason").GetString()));
        Assert.NotEmpty(seen["attempts"].EnumerateArray());

        // Its owner sees it too, but no keys of providers that are not his.
        var own = await world.User.GetAsync($"/api/v1/request-logs/{id}");
        own.MustBe(200);
        Assert.Equal(JsonValueKind.Null, own["plan"].GetProperty("candidates")[0].GetProperty("key_label").ValueKind);
    }

    [Fact]
    public async Task Decide_ByProtocolFeaturesPromptAndRegion_SaysWhatKeepsEachOut()
    {
        var world = await WorldAsync(["priority"]);
        var model = world.Models[0];

        async Task<List<string?>> ReasonsAsync(object question) =>
            [.. (await world.Admin.PostAsync("/api/v1/routing/decide", question))["excluded"].EnumerateArray().Select(e => e.GetProperty("reason").GetString())];

        Assert.Contains("lacks_capability", await ReasonsAsync(new { model, protocol = "anthropic_messages", features = new { tools = true } }));
        Assert.Contains("context_too_short", await ReasonsAsync(new { model, prompt_tokens = 5000 }));
        Assert.Contains("other_region", await ReasonsAsync(new { model, region = "mars" }));
        var lost = await world.Admin.PostAsync("/api/v1/routing/decide", new { model, features = new { audio = true, reasoning = true }, only = new[] { world.Providers[1] } });
        Assert.Equal("unsupported_by_upstream", lost.Text("error"));
        Assert.Equal(JsonValueKind.Null, lost["estimated_hold"].ValueKind);
        (await world.Admin.PostAsync("/api/v1/routing/decide", new { model, protocol = "smoke_signals" })).MustBe(400, "validation_failed");
        (await world.Admin.PostAsync("/api/v1/routing/decide", new { model, prompt_tokens = -1 })).MustBe(400, "validation_failed");
    }

    private async Task<Dictionary<Guid, PlanView>> TracesAsync(IEnumerable<string> requests)
    {
        var ids = requests.Select(Guid.Parse).ToHashSet();
        Dictionary<Guid, PlanView> found = [];
        await Eventually.TrueAsync(
            async () =>
            {
                // The drain waits for company, by this server's clock.
                gateway.Clock.Advance(TimeSpan.FromSeconds(1));
                var rows = await gateway.InDatabaseAsync(db => db.RequestLogs.AsNoTracking().Where(r => ids.Contains(r.RequestId)).Select(r => new { r.RequestId, r.Detail }).ToListAsync());
                found = rows.ToDictionary(r => r.RequestId, r => JsonSerializer.Deserialize(r.Detail!, UsageJson.Default.UsageDetail)!.Plan!);
                return found.Count == ids.Count;
            },
            "every request is logged");
        return found;
    }

    private static (object Question, object Body, IReadOnlyList<(string, string)> Headers) RandomRequest(Random dice, World world)
    {
        var model = world.Models[dice.Next(world.Models.Length)];
        var (tools, prompt) = (dice.Next(3) == 0, new string('x', 4 * dice.Next(1, 400)));
        var (only, exclude) = (dice.Next(5) == 0 ? world.Providers[..3] : [], dice.Next(5) == 0 ? world.Providers[3..4] : []);
        var question = new
        {
            model,
            stream = false,
            features = new { tools },
            prompt_tokens = (prompt.Length + (tools ? ToolBytes : 0)) / 4,
            only,
            exclude,
            api_key_id = world.Key,
        };
        var headers = new List<(string, string)>();
        if (only.Length > 0)
        {
            headers.Add(("X-Route-Providers", string.Join(',', only)));
        }

        if (exclude.Length > 0)
        {
            headers.Add(("X-Route-Exclude", string.Join(',', exclude)));
        }

        return (question, Body(model, prompt, tools), headers);
    }

    // [{"type":"function","function":{"name":"f"}}]
    private const int ToolBytes = 45;

    private static Dictionary<string, object> Body(string model, string prompt, bool tools)
    {
        var body = new Dictionary<string, object> { ["model"] = model, ["messages"] = new[] { new { role = "user", content = prompt } } };
        if (tools)
        {
            body["tools"] = new[] { new { type = "function", function = new { name = "f" } } };
        }

        return body;
    }

    /// <summary>Five providers: an ordinary one, one without tools, one with a short context, one that fails, one that is paused; two models over them.</summary>
    private async Task<World> WorldAsync(string[] strategies)
    {
        var admin = (await gateway.SignInAsAdministratorAsync()).Api;
        var user = await gateway.AddSignedInUserAsync();
        string[] upstreams = ["mock-ok", "mock-chunks=2", "mock-chunks=3", "mock-status=500", "mock-chunks=4"];
        var providers = new string[upstreams.Length];
        for (var i = 0; i < upstreams.Length; i++)
        {
            providers[i] = UpstreamGateway.NewName("decided");
            await gateway.AddProviderAsync(admin, providers[i], upstreams[i]);
        }

        (await admin.PatchAsync($"/api/v1/providers/{providers[1]}/models/{upstreams[1]}", new { capabilities = new[] { "chat", "vision" } }, "\"v1\"")).MustBe(200);
        (await admin.PatchAsync($"/api/v1/providers/{providers[2]}/models/{upstreams[2]}", new { context_length = 200 }, "\"v1\"")).MustBe(200);
        (await admin.PostAsync($"/api/v1/providers/{providers[4]}/pause")).MustBe(200);
        var last = UpstreamGateway.NewName("last");
        (await admin.PostAsync("/api/v1/logical-models", new { id = last, upstreams = new[] { new { provider = providers[0], model = upstreams[0] } } })).MustBe(201);
        var models = new List<string>();
        foreach (var strategy in strategies)
        {
            models.Add(UpstreamGateway.NewName("decided"));
            (await admin.PostAsync("/api/v1/logical-models", new
            {
                id = models[^1],
                strategy,
                upstreams = providers.Select((provider, i) => new { provider, model = upstreams[i], weight = 1 + i }).ToArray(),
                fallbacks = new[] { last, "never-made" },
            })).MustBe(201);
        }

        var key = await user.Api.PostAsync("/api/v1/api-keys", new { name = "decided" });
        return new World(admin, user.Api, providers, [.. models], key.Text("id"), gateway.NewApi().With(key.Text("token")));
    }

    private sealed record World(Api Admin, Api User, string[] Providers, string[] Models, string Key, Api Client);
}
