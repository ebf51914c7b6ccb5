using System.Text.Json;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Models.Policies;
using AIHigress.Gateway.IntegrationTests.Identity;
using AIHigress.Gateway.IntegrationTests.Providers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AIHigress.Gateway.IntegrationTests.Routing;

/// <summary>The one policy of a server: a turn at a time, and the usual one is put back.</summary>
[Collection(RoutingGateway.Name)]
public sealed class RoutingPolicyTests(RoutingGateway gateway) : IAsyncLifetime
{
    private const string Path = RoutingGateway.Policy;
    private Api _admin = null!;

    private RoutingPolicy Current => gateway.Services.GetRequiredService<RoutingPolicies>().Current;

    public async ValueTask InitializeAsync() => _admin = await gateway.AdminAsync();

    public async ValueTask DisposeAsync() => (await gateway.PutPolicyAsync(RoutingGateway.UsualPolicy)).MustBe(200);

    [Fact]
    public async Task Put_NewValues_AreInForceWhenTheAnswerComesAndAreKept()
    {
        var before = await _admin.GetAsync(Path);
        before.MustBe(200);
        var version = before["version"].GetInt32();

        var answer = await PutAsync(new
        {
            default_strategy = "bandit",
            coefficients = new { balanced = new { alpha = 0.1, beta = 0.2, gamma = 0.3, delta = 0.4 } },
            attempts = 3,
            circuit = new { open_seconds = 5 },
        }, before.ETag());

        answer.MustBe(200);
        Assert.Equal((version + 1, $"\"v{version + 1}\"", "admin"), (answer["version"].GetInt32(), answer.ETag(), answer.Text("made_by")));
        Assert.Equal(RoutingStrategy.Bandit, Current.DefaultStrategy);
        Assert.Equal((new ScoreCoefficients(0.1, 0.2, 0.3, 0.4), 3, 5), (Current.Coefficients.Balanced, Current.Attempts, Current.Circuit.OpenSeconds));
        Assert.Equal((4000, 60, RoutingPolicy.Default.Coefficients.CostFirst), (Current.TtftNormMs, Current.Circuit.WindowSeconds, Current.Coefficients.CostFirst));
        Assert.Equal(before["policy"].GetRawText(), (await _admin.GetAsync($"{Path}?version={version}"))["policy"].GetRawText());
        Assert.Equal(4000, (await _admin.GetAsync($"{Path}?version=0"))["policy"].GetProperty("ttft_norm_ms").GetInt32());
        (await _admin.GetAsync($"{Path}?version=9999")).MustBe(404);
    }

    [Fact]
    public async Task Put_WhatWasRead_ChangesNothing()
    {
        var before = await _admin.GetAsync(Path);

        var answer = await PutAsync(before["policy"], before.ETag());

        answer.MustBe(200);
        Assert.Equal(before.ETag(), answer.ETag());
    }

    [Fact]
    public async Task Put_NewDefaultStrategy_RoutesModelsThatNameNone()
    {
        var names = new[] { UpstreamGateway.NewName("chain"), UpstreamGateway.NewName("chain") };
        foreach (var name in names)
        {
            (await gateway.AddProviderAsync(_admin, name, name)).MustBe(201);
            gateway.Traffic.Is(name, 0.1);
        }

        var id = UpstreamGateway.NewName("default");
        (await _admin.PostAsync("/api/v1/logical-models", new { id, upstreams = names.Select(n => new { provider = n, model = n }).ToArray() })).MustBe(201);

        (await gateway.PutPolicyAsync(new { default_strategy = "priority" })).MustBe(200);
        Assert.Equal(1, (await gateway.Traffic.SharesAsync(id, 12))[names[0]], 6);

        (await gateway.PutPolicyAsync(new { default_strategy = "weighted" })).MustBe(200);
        Assert.Equal(2, (await gateway.Traffic.SharesAsync(id, 30)).Count);
    }

    [Fact]
    public async Task Put_AChange_IsInTheAuditLogWithBothValues()
    {
        (await gateway.PutPolicyAsync(new { ttft_norm_ms = 1234 })).MustBe(200);
        (await gateway.PutPolicyAsync(new { ttft_norm_ms = 2345 })).MustBe(200);

        var entry = await gateway.InDatabaseAsync(db => db.AuditLog.Where(e => e.Action == "routing_policy.updated").OrderByDescending(e => e.Seq).FirstAsync());

        Assert.Equal(("""{"ttft_norm_ms":[1234,2345]}""", "admin"), (entry.Diff, entry.Actor));
    }

    [Theory]
    [InlineData("""{"ttft_norm_ms":5}""", "ttft_norm_ms")]
    [InlineData("""{"exploration":{"share":0.5}}""", "exploration.share")]
    [InlineData("""{"attempts":0}""", "attempts")]
    [InlineData("""{"coefficients":{"cost_first":{"alpha":-1,"beta":0,"gamma":0,"delta":0}}}""", "coefficients.cost_first.alpha")]
    [InlineData("""{"circuit":{"open_seconds":100,"longest_open_seconds":50}}""", "circuit.longest_open_seconds")]
    [InlineData("""{"dynamic_weights":{"min":2}}""", "dynamic_weights.min")]
    [InlineData("""{"stickiness":{"ttl_seconds":0}}""", "stickiness.ttl_seconds")]
    public async Task Put_BadField_NamedAndNothingChanges(string body, string field)
    {
        var before = await _admin.GetAsync(Path);

        var answer = await PutAsync(JsonDocument.Parse(body).RootElement, before.ETag());

        answer.MustBe(400, "validation_failed");
        Assert.NotEmpty(answer.Faults(field));
        Assert.Equal(before.ETag(), (await _admin.GetAsync(Path)).ETag());
    }

    [Fact]
    public async Task Put_ByTwoAtOnce_OneIsTold()
    {
        var etag = (await _admin.GetAsync(Path)).ETag();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => PutAsync(new { ttft_norm_ms = 700 + i }, etag)));

        Assert.Single(answers, a => a.Status == 200);
        Assert.All(answers.Where(a => a.Status != 200), a => a.MustBe(412, "stale_version"));
        (await _admin.SendAsync(HttpMethod.Put, Path, new { })).MustBe(428, "precondition_required");
    }

    [Fact]
    public async Task GetAndPut_ByAPlainUser_AreRefused()
    {
        var user = (await gateway.AddSignedInUserAsync()).Api;

        (await user.GetAsync(Path)).MustBe(403, "forbidden");
        (await user.SendAsync(HttpMethod.Put, Path, new { }, ("If-Match", "*"))).MustBe(403, "forbidden");
    }

    private Task<Answer> PutAsync(object policy, string etag) => _admin.SendAsync(HttpMethod.Put, Path, policy, ("If-Match", etag));
}
