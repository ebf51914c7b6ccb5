using System.Text.Json;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.IntegrationTests.Identity;
using AIHigress.MockUpstream.Scripting;
using AIHigress.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AIHigress.Gateway.IntegrationTests.Providers;

public abstract class DiscoveryTests(UpstreamGateway gateway)
{
    private const string Path = "/api/v1/providers";

    [Fact]
    public async Task Create_WithoutModels_AsksTheProviderInTheBackgroundAndRoutesWhatItHas()
    {
        var (admin, id) = await NewDiscoveredProviderAsync(check: true);

        await Eventually.TrueAsync(() => Table.Resolve($"{id}/mock-small") is not null, "the discovered model is routed");

        var models = (await admin.GetAsync($"{Path}/{id}/models")).Items();
        Assert.Equal(["mock-large", "mock-small"], models.Select(m => m.GetProperty("model").GetString()));
        Assert.All(models, m => Assert.Equal("discovered", m.GetProperty("source").GetString()));
        await Eventually.TrueAsync(
            async () => (await admin.GetAsync($"{Path}/{id}"))["discovered_at"].ValueKind == JsonValueKind.String, "the time of the discovery is stored");
    }

    [Fact]
    public async Task Discover_ListChanges_CountsAndRoutesFollowTheRules()
    {
        await gateway.ListTurn.WaitAsync();
        try
        {
            var (admin, id) = await NewDiscoveredProviderAsync(check: false);
            Assert.Equal((2, 0, 0, 0), await DiscoverAsync(admin, id));
            gateway.Listed.Add("mock-new");
            gateway.Listed.Remove("mock-small");

            Assert.Equal((1, 0, 1, 1), await DiscoverAsync(admin, id));
            Assert.NotNull(Table.Resolve($"{id}/mock-small"));
            Assert.NotNull(Table.Resolve($"{id}/mock-new"));

            Assert.Equal((0, 0, 1, 2), await DiscoverAsync(admin, id));
            Assert.Null(Table.Resolve($"{id}/mock-small"));
            Assert.Equal(["mock-small"], (await admin.GetAsync($"{Path}/{id}/models?status=missing")).Items().Select(m => m.GetProperty("model").GetString()));

            gateway.Listed.Add("mock-small");
            Assert.Equal((0, 1, 0, 2), await DiscoverAsync(admin, id));
            Assert.NotNull(Table.Resolve($"{id}/mock-small"));
        }
        finally
        {
            gateway.Listed.Clear();
            gateway.Listed.Add("mock-large");
            gateway.Listed.Add("mock-small");
            gateway.ListTurn.Release();
        }
    }

    [Fact]
    public async Task Discover_ProviderFails_UpstreamCheckFailedAndWhatWasKnownStays()
    {
        await gateway.ListTurn.WaitAsync();
        try
        {
            var (admin, id) = await NewDiscoveredProviderAsync(check: false);
            await DiscoverAsync(admin, id);
            gateway.Upstream.Script("/models", new Behaviour { Status = 500, ErrorMessage = "broken {key}" }, times: 1);

            var answer = await admin.PostAsync($"{Path}/{id}/discover");

            answer.MustBe(502, "upstream_check_failed");
            Assert.Equal(500, answer["params"].GetProperty("status").GetInt32());
            Assert.DoesNotContain("sk-upstream-key", answer.Body, StringComparison.Ordinal);
            var read = await admin.GetAsync($"{Path}/{id}");
            Assert.NotEqual(JsonValueKind.Null, read["discovery_error"].ValueKind);
            Assert.DoesNotContain("sk-upstream-key", read.Body, StringComparison.Ordinal);
            Assert.NotNull(Table.Resolve($"{id}/mock-small"));

            await DiscoverAsync(admin, id);
            Assert.Equal(JsonValueKind.Null, (await admin.GetAsync($"{Path}/{id}"))["discovery_error"].ValueKind);
        }
        finally
        {
            gateway.Upstream.ResetScripts();
            gateway.ListTurn.Release();
        }
    }

    [Fact]
    public async Task Discover_Interval_AskedAgainWhenItIsOver()
    {
        await gateway.ListTurn.WaitAsync();
        try
        {
            var (admin, id) = await NewDiscoveredProviderAsync(check: false);
            await DiscoverAsync(admin, id);
            gateway.Listed.Add("mock-later");

            // The interval is an hour give or take a tenth; the worker looks every 15 seconds of the same clock.
            gateway.Clock.Advance(TimeSpan.FromMinutes(70));
            await Eventually.TrueAsync(
                () =>
                {
                    gateway.Clock.Advance(TimeSpan.FromSeconds(16));
                    return Table.Resolve($"{id}/mock-later") is not null;
                },
                "the model that came later is routed");
        }
        finally
        {
            gateway.Listed.Remove("mock-later");
            gateway.ListTurn.Release();
        }
    }

    [Fact]
    public async Task Discover_DeclaredModels_Conflict()
    {
        var admin = (await gateway.SignInAsAdministratorAsync()).Api;
        var id = UpstreamGateway.NewName("listed");
        await gateway.AddProviderAsync(admin, id, "a", "b");

        (await admin.PostAsync($"{Path}/{id}/discover")).MustBe(409, "conflict");
    }

    [Fact]
    public async Task UpdateModel_AliasWithSlashAndSwitch_RoutedAndKeptByDiscovery()
    {
        await gateway.ListTurn.WaitAsync();
        try
        {
            var (admin, id) = await NewDiscoveredProviderAsync(check: false);
            await DiscoverAsync(admin, id);
            var alias = $"org/{id}";

            var changed = await admin.PatchAsync($"{Path}/{id}/models/mock-small", new { alias, context_length = 8000, capabilities = new[] { "chat", "tools" } }, "\"v1\"");

            changed.MustBe(200);
            Assert.Equal("\"v2\"", changed.ETag());
            Assert.Equal("mock-small", Assert.Single(Table.Resolve(alias)!.Upstreams).Model);
            Assert.NotNull(Table.Resolve($"{id}/{alias}"));
            await DiscoverAsync(admin, id);
            var read = (await admin.GetAsync($"{Path}/{id}/models?q={id}")).Items()[0];
            Assert.Equal((alias, 8000, 2), (read.GetProperty("alias").GetString(), read.GetProperty("context_length").GetInt32(), read.GetProperty("version").GetInt32()));

            (await admin.PatchAsync($"{Path}/{id}/models/mock-small", new { disabled = true }, "\"v1\"")).MustBe(412, "stale_version");
            (await admin.PatchAsync($"{Path}/{id}/models/mock-small", new { disabled = true })).MustBe(428);
            (await admin.PatchAsync($"{Path}/{id}/models/mock-small", new { disabled = true }, "\"v2\"")).MustBe(200);
            Assert.Null(Table.Resolve(alias));
            Assert.Null(Table.Resolve($"{id}/mock-small"));
        }
        finally
        {
            gateway.ListTurn.Release();
        }
    }

    [Fact]
    public async Task UpdateModel_IdWithSlash_FoundEncodedAndPlain()
    {
        var admin = (await gateway.SignInAsAdministratorAsync()).Api;
        var id = UpstreamGateway.NewName("slashed");
        await gateway.AddProviderAsync(admin, id, "org/mock-1:free", "plain");

        (await admin.PatchAsync($"{Path}/{id}/models/org/mock-1:free", new { max_output = 5 }, "\"v1\"")).MustBe(200);
        (await admin.PatchAsync($"{Path}/{id}/models/org%2Fmock-1:free", new { max_output = 6 }, "\"v2\"")).MustBe(200);
        (await admin.PatchAsync($"{Path}/{id}/models/nothing", new { max_output = 6 }, "\"v2\"")).MustBe(404);
        (await admin.PatchAsync($"{Path}/{id}/models/plain", new { alias = "org/mock-1:free" }, "\"v1\"")).MustBe(200);
        (await admin.PatchAsync($"{Path}/{id}/models/org/mock-1:free", new { alias = "org/mock-1:free" }, "\"v3\"")).MustBe(409, "name_taken");
        (await admin.DeleteAsync($"{Path}/{id}/models/plain", "\"v2\"")).MustBe(204);
        Assert.Equal(1, await gateway.InDatabaseAsync(db => db.ProviderModels.CountAsync(m => m.ProviderId == id)));
    }

    [Fact]
    public async Task Test_WorkingAndBrokenKey_StepsSayWhatHappened()
    {
        var admin = (await gateway.SignInAsAdministratorAsync()).Api;
        var id = UpstreamGateway.NewName("tested");
        await gateway.AddProviderAsync(admin, id, "mock-ok");
        var bad = await admin.PostAsync($"{Path}/{id}/keys", new { label = "bad", key = "sk-not-accepted-9999" });

        var good = await admin.PostAsync($"{Path}/{id}/test");
        var refused = await admin.PostAsync($"{Path}/{id}/test", new { key_id = bad.Text("id"), model = "mock-ok" });

        good.MustBe(200);
        Assert.True(good["ok"].GetBoolean(), good.Body);
        Assert.Equal(["connect", "models", "chat", "stream"], good["steps"].EnumerateArray().Select(s => s.GetProperty("name").GetString()));
        refused.MustBe(200);
        Assert.False(refused["ok"].GetBoolean());
        Assert.Contains(refused["steps"].EnumerateArray(), s => s.GetProperty("status").ValueKind == JsonValueKind.Number && s.GetProperty("status").GetInt32() == 401);
        Assert.DoesNotContain("sk-not-accepted", refused.Body, StringComparison.Ordinal);
        (await admin.PostAsync($"{Path}/{id}/test", new { key_id = Guid.NewGuid() })).MustBe(400, "validation_failed");
    }

    [Fact]
    public async Task Pause_AndResume_StatusInTheRouteTableAtOnce()
    {
        var admin = (await gateway.SignInAsAdministratorAsync()).Api;
        var id = UpstreamGateway.NewName("paused");
        await gateway.AddProviderAsync(admin, id);

        var paused = await admin.PostAsync($"{Path}/{id}/pause", new { reason = "maintenance" });

        paused.MustBe(200);
        Assert.Equal(("paused", "maintenance", "admin"), (paused.Text("operation_status"), paused.Text("status_reason"), paused.Text("status_by")));
        Assert.Equal(OperationStatus.Paused, Table.Providers[id].OperationStatus);
        (await admin.PostAsync($"{Path}/{id}/resume")).MustBe(200);
        Assert.Equal(OperationStatus.Active, Table.Providers[id].OperationStatus);
    }

    [Fact]
    public async Task Pause_ByOwnerAndByAdministrator_OwnerUndoesOnlyTheirOwn()
    {
        var (admin, user) = ((await gateway.SignInAsAdministratorAsync()).Api, await gateway.AddSignedInUserAsync());
        var id = (await user.Api.PostAsync(Path, new { name = "Mine", base_url = "https://api.public.test/v1", check = false })).Text("id");

        (await user.Api.PostAsync($"{Path}/{id}/pause")).MustBe(200);
        (await user.Api.PostAsync($"{Path}/{id}/resume")).MustBe(200);
        (await admin.PostAsync($"{Path}/{id}/pause")).MustBe(200);
        (await user.Api.PostAsync($"{Path}/{id}/resume")).MustBe(403, "forbidden");
        (await admin.PostAsync($"{Path}/{id}/resume")).MustBe(200);
    }

    private RouteTable Table => gateway.Services.GetRequiredService<RouteTables>().Current;

    private async Task<(Api Admin, string Id)> NewDiscoveredProviderAsync(bool check)
    {
        var admin = (await gateway.SignInAsAdministratorAsync()).Api;
        var id = UpstreamGateway.NewName("found");
        (await admin.PostAsync(Path, new
        {
            id,
            name = id,
            base_url = gateway.UpstreamUrl,
            keys = new[] { new { label = "main", key = "sk-upstream-key-0002" } },
            check,
        })).MustBe(201);
        return (admin, id);
    }

    private static async Task<(int Added, int Updated, int Missing, int Unchanged)> DiscoverAsync(Api admin, string id)
    {
        var answer = await admin.PostAsync($"{Path}/{id}/discover");
        answer.MustBe(200);
        return (answer["added"].GetInt32(), answer["updated"].GetInt32(), answer["missing"].GetInt32(), answer["unchanged"].GetInt32());
    }
}

[Collection(UpstreamOverSqlite.Name)]
public sealed class DiscoveryOverSqlite(UpstreamOverSqlite gateway) : DiscoveryTests(gateway);

[Collection(UpstreamOverPostgres.Name)]
public sealed class DiscoveryOverPostgres(UpstreamOverPostgres gateway) : DiscoveryTests(gateway);
