using System.Text.Json;
using AIHigress.Gateway.IntegrationTests.Identity;
using AIHigress.MockUpstream.Scripting;

namespace AIHigress.Gateway.IntegrationTests.Providers.Health;

/// <summary>Who may say how a provider is probed, and what it does.</summary>
public sealed class ProbeSettingsTests(HealthOverSqlite gateway) : IClassFixture<HealthOverSqlite>
{
    [Fact]
    public async Task Read_NothingWasSaid_TheDefaults()
    {
        var id = await gateway.AddProviderAsync("plain");

        var probe = await gateway.Admin.GetAsync(Path(id));

        Assert.Equal((true, 300, true), (probe["enabled"].GetBoolean(), probe["interval_seconds"].GetInt32(), probe["auto_pause"].GetBoolean()));
        Assert.Equal(JsonValueKind.Null, probe["model"].ValueKind);
        Assert.NotEqual("", probe.Text("prompt"));
    }

    [Fact]
    public async Task Patch_ModelAndPrompt_AreWhatTheProbeAsks()
    {
        var id = await gateway.AddProviderAsync("asked");
        var model = HealthGateway.NewName("named");
        var etag = (await gateway.Admin.GetAsync(Path(id))).ETag();

        var changed = await gateway.Admin.PatchAsync(Path(id), new { model, prompt = "Are you there?", interval_seconds = 60 }, etag);
        changed.MustBe(200);
        await gateway.LookAsync();

        Assert.Equal((model, "Are you there?", 60), (changed.Text("model"), changed.Text("prompt"), changed["interval_seconds"].GetInt32()));
        Assert.Contains("Are you there?", Assert.Single(gateway.Mock.Requests(model)).BodyText, StringComparison.Ordinal);
        Assert.Empty(gateway.Mock.Requests(id));
        var provider = await gateway.ProviderAsync(id);
        Assert.Equal(model, provider["probe"].GetProperty("model").GetString());
        (await gateway.Admin.PatchAsync(Path(id), new { enabled = false }, etag)).MustBe(412, "stale_version");
        (await gateway.Admin.PatchAsync(Path(id), new { enabled = false })).MustBe(428, "precondition_required");
    }

    [Fact]
    public async Task Patch_Disabled_NoMoreProbesAndNothingKnown()
    {
        var id = await gateway.AddProviderAsync("silent");
        await gateway.LookAsync();
        var etag = (await gateway.Admin.GetAsync(Path(id))).ETag();

        (await gateway.Admin.PatchAsync(Path(id), new { enabled = false }, etag)).MustBe(200);
        await gateway.LookForProbesAsync(2);

        Assert.Single(gateway.Mock.Requests(id));
        Assert.Equal("unknown", await gateway.StateAsync(id));
        Assert.Equal(JsonValueKind.Null, (await gateway.Admin.GetAsync(Path(id)))["next_probe_at"].ValueKind);
    }

    [Theory]
    [InlineData("""{"interval_seconds":59}""", "interval_seconds", "out_of_range")]
    [InlineData("""{"interval_seconds":86401}""", "interval_seconds", "out_of_range")]
    [InlineData("""{"prompt":""}""", "prompt", "length")]
    [InlineData("""{"model":"a b"}""", "model", "invalid_id")]
    public async Task Patch_BreaksARule_TheFieldIsNamed(string patch, string field, string code)
    {
        var id = await gateway.AddProviderAsync("ruled");
        var etag = (await gateway.Admin.GetAsync(Path(id))).ETag();

        var answer = await gateway.Admin.PatchAsync(Path(id), JsonSerializer.Deserialize<JsonElement>(patch), etag);

        answer.MustBe(400, "validation_failed");
        Assert.Equal([code], answer.Faults(field));
    }

    [Fact]
    public async Task Others_SeeTheHealthOfAPublicProviderButNotItsProbeNorAPrivateOne()
    {
        var id = await gateway.AddProviderAsync("shown");
        gateway.Mock.Script(id, new Behaviour { Status = 500, ErrorMessage = "inner details" });
        await gateway.LookAsync();
        var user = (await gateway.AddSignedInUserAsync()).Api;
        var owner = (await gateway.AddSignedInUserAsync(isSuperuser: true)).Api;
        var secret = HealthGateway.NewName("secret");
        (await owner.PostAsync("/api/v1/providers", new { id = secret, name = secret, base_url = gateway.Mock.OpenAIBaseUrl.AbsoluteUri, visibility = "private", models = new[] { "m" } })).MustBe(201);

        var health = await user.GetAsync($"/api/v1/providers/{id}/health");
        health.MustBe(200);
        Assert.Equal(JsonValueKind.Null, health["probes"][0].GetProperty("error").ValueKind);
        Assert.DoesNotContain("inner details", health.Body, StringComparison.Ordinal);
        Assert.Contains("inner details", (await gateway.HealthAsync(id)).Body, StringComparison.Ordinal);
        (await user.GetAsync($"/api/v1/provider-status/{id}")).MustBe(200);
        (await user.GetAsync(Path(id))).MustBe(403, "forbidden");
        (await user.PatchAsync(Path(id), new { enabled = false })).MustBe(403, "forbidden");
        foreach (var path in (string[])[Path(secret), $"/api/v1/providers/{secret}/health", $"/api/v1/provider-status/{secret}"])
        {
            (await user.GetAsync(path)).MustBe(404, "not_found");
        }

        Assert.Empty((await user.GetAsync($"/api/v1/provider-status?q={secret}")).Items());
        Assert.Single((await owner.GetAsync($"/api/v1/provider-status?q={secret}")).Items());
        (await user.GetAsync($"/api/v1/providers/{id}/health?range=1y")).MustBe(400, "validation_failed");
    }

    private static string Path(string id) => $"/api/v1/providers/{id}/probe";
}
