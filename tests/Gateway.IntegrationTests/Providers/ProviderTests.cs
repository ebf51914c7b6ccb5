using System.Text.Json;
using AIHigress.Gateway.IntegrationTests.Identity;
using AIHigress.TestKit;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.IntegrationTests.Providers;

public abstract class ProviderTests(UpstreamGateway gateway)
{
    private const string Path = "/api/v1/providers";

    [Fact]
    public async Task Create_ByAdministrator_PublicPlatformProviderWithAWarningAboutItsPrivateHost()
    {
        var admin = (await gateway.SignInAsAdministratorAsync()).Api;
        var id = UpstreamGateway.NewName("made");

        var answer = await admin.PostAsync(Path, new
        {
            id,
            name = "Made here",
            base_url = gateway.UpstreamUrl + "/",
            keys = new[] { new { label = "main", key = "sk-upstream-key-0001", weight = 0.5 } },
            weight = 7,
            timeouts = new { ttft_ms = 5000 },
            headers = new Dictionary<string, string> { ["X-Team"] = "core" },
            models = new[] { "mock-ok", "org/mock-2" },
        });

        answer.MustBe(201);
        Assert.Equal("\"v1\"", answer.ETag());
        Assert.Equal("private_host", answer["warnings"][0].GetProperty("code").GetString());
        var read = await admin.GetAsync($"{Path}/{id}");
        Assert.Equal(gateway.UpstreamUrl, read.Text("base_url"));
        Assert.Equal(("public", "off", "active"), (read.Text("visibility"), read.Text("discovery"), read.Text("operation_status")));
        Assert.Equal(JsonValueKind.Null, read["owner_id"].ValueKind);
        Assert.True(read["allow_private_host"].GetBoolean());
        Assert.Equal((7, 2, 5000), (read["weight"].GetInt32(), read["model_count"].GetInt32(), read["timeouts"].GetProperty("ttft_ms").GetInt32()));
        Assert.Equal("core", read["headers"].GetProperty("X-Team").GetString());
        var key = read["keys"][0].GetProperty("key");
        Assert.Equal((true, "…0001"), (key.GetProperty("set").GetBoolean(), key.GetProperty("hint").GetString()));
        Assert.DoesNotContain("sk-upstream-key", read.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_BareHostWithoutId_PrefixAndSlugAreMade()
    {
        var admin = (await gateway.SignInAsAdministratorAsync()).Api;
        var name = UpstreamGateway.NewName("Some Provider");

        var answer = await admin.PostAsync(Path, new { name, base_url = "https://api.public.test", check = false });

        answer.MustBe(201);
        Assert.Equal(name.ToLowerInvariant().Replace(' ', '-'), answer.Text("id"));
        Assert.Equal("https://api.public.test/v1", answer.Text("base_url"));
        Assert.Equal(JsonValueKind.Null, answer["warnings"].ValueKind);
    }

    [Fact]
    public async Task Create_ByUser_PrivateOwnedAndSeenByNobodyElse()
    {
        var (user, other) = (await gateway.AddSignedInUserAsync(), await gateway.AddSignedInUserAsync());

        var answer = await user.Api.PostAsync(Path, new { name = "Mine", base_url = "https://api.public.test/v1", check = false });

        answer.MustBe(201);
        var id = answer.Text("id");
        Assert.Matches("^mine-[0-9a-f]{8}$", id);
        Assert.Equal(("private", user.User.Id), (answer.Text("visibility"), answer["owner_id"].GetGuid()));
        Assert.False(answer["allow_private_host"].GetBoolean());
        Assert.Contains(id, (await user.Api.GetAsync($"{Path}?mine=true")).Ids());
        Assert.DoesNotContain(id, (await other.Api.GetAsync(Path)).Ids());
        (await other.Api.GetAsync($"{Path}/{id}")).MustBe(404, "not_found");
        (await other.Api.PatchAsync($"{Path}/{id}", new { name = "x" }, "\"v1\"")).MustBe(404);
        (await other.Api.DeleteAsync($"{Path}/{id}", "\"v1\"")).MustBe(404);
        (await other.Api.GetAsync($"{Path}/{id}/keys")).MustBe(404);
        (await other.Api.PostAsync($"{Path}/{id}/pause")).MustBe(404);
        Assert.Contains(id, (await (await gateway.SignInAsAdministratorAsync()).Api.GetAsync($"{Path}?visibility=private&q={id}")).Ids());
    }

    [Fact]
    public async Task Create_ByUserPublic_Forbidden()
    {
        var user = await gateway.AddSignedInUserAsync();

        var answer = await user.Api.PostAsync(Path, new { name = "Mine", base_url = "https://api.public.test/v1", visibility = "public" });

        answer.MustBe(403, "forbidden");
        Assert.Equal("providers.manage_all", answer["params"].GetProperty("permission").GetString());
    }

    [Theory]
    [InlineData("http://10.0.0.1/v1", "private_host")]
    [InlineData("http://localhost/v1", "private_host")]
    [InlineData("http://169.254.169.254/v1", "forbidden_host")]
    [InlineData("https://api.public.test:9999/v1", "forbidden_port")]
    [InlineData("https://u:p@api.public.test/v1", "invalid_url")]
    public async Task Create_ByUserWithAHostThatMustNotBeCalled_Refused(string url, string code)
    {
        var user = await gateway.AddSignedInUserAsync();

        var answer = await user.Api.PostAsync(Path, new { name = "Mine", base_url = url });

        answer.MustBe(400, "validation_failed");
        Assert.Equal([code], answer.Faults("base_url"));
    }

    [Fact]
    public async Task Create_OverTheLimit_QuotaReachedAlsoWhenManyAskAtOnce()
    {
        var user = await gateway.AddSignedInUserAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            user.Api.PostAsync(Path, new { name = "Mine", base_url = "https://api.public.test/v1", check = false })));

        Assert.Equal(3, answers.Count(a => a.Status == 201));
        Assert.All(answers.Where(a => a.Status != 201), a => a.MustBe(403, "quota_reached"));
        var quota = await user.Api.GetAsync("/api/v1/me/provider-quota");
        Assert.Equal((3, 3, false), (quota["limit"].GetInt32(), quota["used"].GetInt32(), quota["unlimited"].GetBoolean()));
    }

    [Fact]
    public async Task Create_ManyFaults_EachIsNamed()
    {
        var admin = (await gateway.SignInAsAdministratorAsync()).Api;

        var answer = await admin.PostAsync(Path, new
        {
            id = "Not A Slug",
            name = "",
            base_url = "nowhere",
            weight = 1001,
            headers = new Dictionary<string, string> { ["Authorization"] = "Bearer x" },
            keys = new[] { new { label = "a", key = "k1" }, new { label = "a", key = "k2" } },
        });

        answer.MustBe(400, "validation_failed");
        foreach (var field in (string[])["id", "name", "base_url", "weight", "headers.Authorization", "keys[1].label"])
        {
            Assert.NotEmpty(answer.Faults(field));
        }
    }

    [Fact]
    public async Task Create_UnknownOrWronglyTypedField_Refused()
    {
        var admin = (await gateway.SignInAsAdministratorAsync()).Api;

        (await admin.PostAsync(Path, new { name = "x", base_url = "https://api.public.test", owner_id = Guid.NewGuid() })).MustBe(400);
        (await admin.PostAsync(Path, new { name = "x", base_url = "https://api.public.test", weight = "many" })).MustBe(400);
    }

    [Fact]
    public async Task Read_PublicProviderByAnotherUser_NoAddressNoKeysNoHeaders()
    {
        var admin = (await gateway.SignInAsAdministratorAsync()).Api;
        var id = UpstreamGateway.NewName("seen");
        await gateway.AddProviderAsync(admin, id);
        var user = await gateway.AddSignedInUserAsync();

        var answer = await user.Api.GetAsync($"{Path}/{id}");

        answer.MustBe(200);
        Assert.Equal(1, answer["model_count"].GetInt32());
        foreach (var field in (string[])["base_url", "keys", "headers", "query", "paths", "auth", "discovery_error"])
        {
            Assert.Equal(JsonValueKind.Null, answer[field].ValueKind);
        }

        (await user.Api.GetAsync($"{Path}/{id}/keys")).MustBe(403, "forbidden");
        (await user.Api.PatchAsync($"{Path}/{id}", new { name = "x" }, "\"v1\"")).MustBe(403, "forbidden");
    }

    [Fact]
    public async Task List_FiltersAndPages_EachProviderOnce()
    {
        var admin = (await gateway.SignInAsAdministratorAsync()).Api;
        var mark = UpstreamGateway.NewName("page");
        foreach (var i in Enumerable.Range(0, 5))
        {
            await gateway.AddProviderAsync(admin, $"{mark}-{i}", $"{mark}-model-{i % 2}");
        }

        var seen = new List<string>();
        var cursor = "";
        do
        {
            var page = await admin.GetAsync($"{Path}?q={mark}&limit=2&sort=name{cursor}");
            page.MustBe(200);
            seen.AddRange(page.Ids());
            cursor = page["next_cursor"].GetString() is { } next ? $"&cursor={next}" : "";
        }
        while (cursor.Length > 0);

        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"{mark}-{i}"), seen);
        Assert.Equal([$"{mark}-3", $"{mark}-1"], (await admin.GetAsync($"{Path}?model={mark}-model-1")).Ids());
        Assert.Empty((await admin.GetAsync($"{Path}?q={mark}&operation_status=paused")).Ids());
        (await admin.GetAsync($"{Path}?operation_status=asleep")).MustBe(400, "validation_failed");
        (await admin.GetAsync($"{Path}?q=%25{mark}")).MustBe(200);
        Assert.Empty((await admin.GetAsync($"{Path}?q=%25")).Ids());
    }

    [Fact]
    public async Task Update_MergePatch_AbsentKeepsNullClears()
    {
        var admin = (await gateway.SignInAsAdministratorAsync()).Api;
        var id = UpstreamGateway.NewName("patched");
        (await admin.PostAsync(Path, new
        {
            id,
            name = "Before",
            base_url = "https://api.public.test/v1",
            description = "kept",
            max_qps = 9,
            timeouts = new { ttft_ms = 1000, idle_ms = 2000 },
            headers = new Dictionary<string, string> { ["X-A"] = "1", ["X-B"] = "2" },
            check = false,
        })).MustBe(201);

        var answer = await admin.PatchAsync($"{Path}/{id}", new Dictionary<string, object?>
        {
            ["name"] = "After",
            ["max_qps"] = null,
            ["timeouts"] = new Dictionary<string, object?> { ["ttft_ms"] = null },
            ["headers"] = new Dictionary<string, object?> { ["X-A"] = null, ["X-C"] = "3" },
            ["models"] = new[] { "m1" },
        }, "\"v1\"");

        answer.MustBe(200);
        Assert.Equal(("After", "kept", "\"v2\""), (answer.Text("name"), answer.Text("description"), answer.ETag()));
        Assert.Equal(JsonValueKind.Null, answer["max_qps"].ValueKind);
        Assert.Equal((JsonValueKind.Null, 2000), (answer["timeouts"].GetProperty("ttft_ms").ValueKind, answer["timeouts"].GetProperty("idle_ms").GetInt32()));
        Assert.Equal(["X-B", "X-C"], answer["headers"].EnumerateObject().Select(h => h.Name).Order(StringComparer.Ordinal));
        Assert.Equal("auto", answer.Text("discovery"));
        Assert.Equal("m1", (await admin.GetAsync($"{Path}/{id}/models")).Items()[0].GetProperty("model").GetString());
    }

    [Theory]
    [InlineData("visibility", "private")]
    [InlineData("owner_id", "x")]
    [InlineData("allow_private_host", "x")]
    [InlineData("id", "other")]
    public async Task Update_FieldThatIsNotEditable_Refused(string field, string value)
    {
        var admin = (await gateway.SignInAsAdministratorAsync()).Api;
        var id = UpstreamGateway.NewName("fixed");
        await gateway.AddProviderAsync(admin, id);

        var answer = await admin.PatchAsync($"{Path}/{id}", new Dictionary<string, object?> { [field] = value }, "\"v1\"");

        answer.MustBe(400, "validation_failed");
        Assert.NotEmpty(answer.Faults(field));
    }

    [Fact]
    public async Task Update_WithoutOrWithAnOldETag_Refused()
    {
        var admin = (await gateway.SignInAsAdministratorAsync()).Api;
        var id = UpstreamGateway.NewName("versioned");
        await gateway.AddProviderAsync(admin, id);

        (await admin.PatchAsync($"{Path}/{id}", new { name = "x" })).MustBe(428, "precondition_required");
        (await admin.PatchAsync($"{Path}/{id}", new { name = "x" }, "\"v1\"")).MustBe(200);
        var stale = await admin.PatchAsync($"{Path}/{id}", new { name = "y" }, "\"v1\"");

        stale.MustBe(412, "stale_version");
        Assert.Equal("\"v2\"", stale.ETag());
        (await admin.DeleteAsync($"{Path}/{id}")).MustBe(428);
        (await admin.DeleteAsync($"{Path}/{id}", "\"v1\"")).MustBe(412);
    }

    [Fact]
    public async Task Update_ManyAtOnceWithOneETag_OneWins()
    {
        var admin = (await gateway.SignInAsAdministratorAsync()).Api;
        var id = UpstreamGateway.NewName("raced");
        await gateway.AddProviderAsync(admin, id);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => admin.PatchAsync($"{Path}/{id}", new { name = $"n{i}" }, "\"v1\"")));

        Assert.Single(answers, a => a.Status == 200);
        Assert.All(answers.Where(a => a.Status != 200), a => a.MustBe(412, "stale_version"));
    }

    [Fact]
    public async Task Update_UserMovesProviderToPrivateHost_RefusedAndKept()
    {
        var user = await gateway.AddSignedInUserAsync();
        var made = await user.Api.PostAsync(Path, new { name = "Mine", base_url = "https://api.public.test/v1", check = false });

        (await user.Api.PatchAsync($"{Path}/{made.Text("id")}", new { base_url = "http://192.168.0.1/v1" }, made.ETag())).MustBe(400, "validation_failed");

        Assert.Equal("https://api.public.test/v1", (await user.Api.GetAsync($"{Path}/{made.Text("id")}")).Text("base_url"));
    }

    [Fact]
    public async Task Delete_Provider_KeysAreDestroyedAndTheIdIsNeverUsedAgain()
    {
        var admin = (await gateway.SignInAsAdministratorAsync()).Api;
        var id = UpstreamGateway.NewName("deleted");
        await gateway.AddProviderAsync(admin, id);

        (await admin.DeleteAsync($"{Path}/{id}", "\"v1\"")).MustBe(204);

        (await admin.GetAsync($"{Path}/{id}")).MustBe(404);
        Assert.Equal(0, await gateway.InDatabaseAsync(db => db.ProviderKeys.CountAsync(k => k.ProviderId == id)));
        Assert.Equal(0, await gateway.InDatabaseAsync(db => db.ProviderModels.CountAsync(m => m.ProviderId == id)));
        (await admin.PostAsync(Path, new { id, name = "Again", base_url = "https://api.public.test" })).MustBe(409, "name_taken");
    }

    [Fact]
    public async Task Delete_UsedByALogicalModel_InUseUnlessForced()
    {
        var admin = (await gateway.SignInAsAdministratorAsync()).Api;
        var id = UpstreamGateway.NewName("used");
        await gateway.AddProviderAsync(admin, id);
        (await admin.PostAsync("/api/v1/logical-models", new { id = $"{id}/model", upstreams = new[] { new { provider = id, model = "mock-ok" } } })).MustBe(201);

        var answer = await admin.DeleteAsync($"{Path}/{id}", "\"v1\"");

        answer.MustBe(409, "in_use");
        Assert.Equal($"logical_model:{id}/model", answer["params"].GetProperty("used_by")[0].GetString());
        (await admin.DeleteAsync($"{Path}/{id}?force=true", "\"v1\"")).MustBe(204);
    }

    [Fact]
    public async Task Write_Provider_AuditedWithoutSecrets()
    {
        var admin = (await gateway.SignInAsAdministratorAsync()).Api;
        var id = UpstreamGateway.NewName("audited");
        await gateway.AddProviderAsync(admin, id);
        (await admin.PatchAsync($"{Path}/{id}", new { weight = 5 }, "\"v1\"")).MustBe(200);

        var entries = await gateway.InDatabaseAsync(db => db.AuditLog.AsNoTracking().Where(e => e.Target == $"provider:{id}").OrderBy(e => e.Seq).ToListAsync());

        Assert.Equal(["provider.created", "provider.updated"], entries.Select(e => e.Action));
        Assert.Equal("""{"weight":[1,5]}""", entries[1].Diff);
        Assert.DoesNotContain(entries, e => e.Diff!.Contains("sk-upstream-key", StringComparison.Ordinal));
        Assert.Contains("\"keys.main\":\"changed\"", entries[0].Diff, StringComparison.Ordinal);
    }
}

[Collection(UpstreamOverSqlite.Name)]
public sealed class ProvidersOverSqlite(UpstreamOverSqlite gateway) : ProviderTests(gateway);

[Collection(UpstreamOverPostgres.Name)]
public sealed class ProvidersOverPostgres(UpstreamOverPostgres gateway) : ProviderTests(gateway);
