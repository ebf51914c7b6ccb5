using System.Text;
using System.Text.Json;
using AIHigress.Gateway.IntegrationTests.Identity;
using AIHigress.Gateway.IntegrationTests.Providers;
using AIHigress.TestKit.Proxies;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.IntegrationTests.Proxies;

/// <summary>Proxies and the pool's rules over the API; who chooses a provider's way; secrets that stay.</summary>
[Collection(ProxyGateway.Name)]
public sealed class ProxyApiTests(ProxyGateway gateway)
{
    private const string Path = ProxyWorld.Path;

    [Fact]
    public async Task Proxy_MadeChangedDeleted_VersionedAndAudited()
    {
        await using var world = await gateway.NewWorldAsync();
        var made = await world.Admin.PostAsync(Path, new { scheme = "socks5h", host = "Proxy.Example", port = 1080, username = "u", password = "canary-api-password" });
        made.MustBe(201);
        var path = $"{Path}/{made["id"].GetGuid()}";

        Assert.Equal(("proxy.example", "unknown", "\"v1\""), (made.Text("host"), made.Text("state"), made.ETag()));
        Assert.True(made["password"].GetProperty("set").GetBoolean());
        (await world.Admin.PatchAsync(path, new { port = 1081 })).MustBe(428, "precondition_required");
        var changed = await world.Admin.PatchAsync(path, new { port = 1081, enabled = false }, made.ETag());
        changed.MustBe(200);
        Assert.Equal((1081, "disabled", true), (changed["port"].GetInt32(), changed.Text("state"), changed["password"].GetProperty("set").GetBoolean()));
        (await world.Admin.PatchAsync(path, new { port = 1082 }, made.ETag())).MustBe(412, "stale_version");
        (await world.Admin.PatchAsync(path, new { username = (string?)null }, "*")).MustBe(400, "validation_failed");
        var cleared = await world.Admin.PatchAsync(path, new { username = (string?)null, password = (string?)null }, "*");
        Assert.False(cleared["password"].GetProperty("set").GetBoolean());
        (await world.Admin.DeleteAsync(path, "*")).MustBe(204);
        (await world.Admin.GetAsync(path)).MustBe(404, "not_found");

        var audit = await AuditAsync($"proxy:{made["id"].GetGuid()}");
        Assert.Equal(["proxy.created", "proxy.updated", "proxy.updated", "proxy.deleted"], audit.Select(a => a.Action));
        Assert.Contains("\"password\":\"changed\"", audit[2].Diff, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proxy_SameAddressTwice_NameTaken()
    {
        await using var world = await gateway.NewWorldAsync();
        (await world.Admin.PostAsync(Path, new { host = "twice.example", port = 80 })).MustBe(201);

        (await world.Admin.PostAsync(Path, new { host = "TWICE.example", port = 80 })).MustBe(409, "name_taken");
        (await world.Admin.PostAsync(Path, new { host = "twice.example", port = 80, username = "other" })).MustBe(201);
    }

    [Theory]
    [InlineData("""{"port":80}""", "host", "required")]
    [InlineData("""{"host":"h.example"}""", "port", "required")]
    [InlineData("""{"host":"http://h.example","port":80}""", "host", "invalid_host")]
    [InlineData("""{"host":"169.254.169.254","port":80}""", "host", "forbidden_host")]
    [InlineData("""{"host":"h.example","port":0}""", "port", "out_of_range")]
    [InlineData("""{"host":"h.example","port":80,"username":"a:b"}""", "username", "invalid_value")]
    [InlineData("""{"host":"h.example","port":80,"password":"p"}""", "password", "conflict")]
    public async Task Proxy_BadField_IsNamed(string body, string field, string code)
    {
        await using var world = await gateway.NewWorldAsync();

        var answer = await world.Admin.PostAsync(Path, JsonDocument.Parse(body).RootElement);

        answer.MustBe(400, "validation_failed");
        Assert.Contains(code, answer.Faults(field));
    }

    [Fact]
    public async Task Import_Lines_DuplicatesSkippedAndBadLinesNamedWithoutTheirText()
    {
        await using var world = await gateway.NewWorldAsync();
        const string lines = "imported.example:1\nsocks5://u:canary-import-password@imported.example:2\nimported.example:3:u:canary-import-password\nimported.example:1\ncanary-bad-line\n";

        var first = await world.Admin.PostAsync(Path + "/import", new { lines });
        var second = await world.Admin.PostAsync(Path + "/import", new { lines });

        Assert.Equal((3, 1), (first["added"].GetInt32(), first["duplicates"].GetInt32()));
        Assert.Equal(5, Assert.Single(first["faults"].EnumerateArray()).GetProperty("line").GetInt32());
        Assert.Equal((0, 4), (second["added"].GetInt32(), second["duplicates"].GetInt32()));
        Assert.DoesNotContain("canary", first.Body, StringComparison.Ordinal);
        var list = await world.Admin.GetAsync(Path + "?q=IMPORTED&sort=host&limit=2&include_total=true");
        Assert.Equal((2, 3), (list.Items().Count, list["total"].GetInt32()));
        Assert.Single((await world.Admin.GetAsync(Path + "?scheme=socks5")).Items());
        (await world.Admin.PostAsync(Path + "/import", new { lines = " " })).MustBe(400, "validation_failed");
    }

    [Fact]
    public async Task Config_Patched_KeepsWhatIsLeftOutAndChecksTheRest()
    {
        await using var world = await gateway.NewWorldAsync();
        var path = Path + "/config";

        var changed = await world.ConfigureAsync(new { strategy = "least_latency", timeout_ms = 900 });
        Assert.Equal(("least_latency", 900, 120), (changed.Text("strategy"), changed["timeout_ms"].GetInt32(), changed["failure_cooldown_seconds"].GetInt32()));
        Assert.Equal(changed.ETag(), (await world.Admin.GetAsync(path)).ETag());
        (await world.Admin.PatchAsync(path, new { enabled = false }, "\"v0\"")).MustBe(412, "stale_version");
        Assert.Equal(["private_host"], (await world.Admin.PatchAsync(path, new { check_url = "http://10.0.0.1/" }, "*")).Faults("check_url"));
        Assert.Equal(["private_host"], (await world.Admin.PatchAsync(path, new { check_url = "http://169.254.169.254/latest" }, "*")).Faults("check_url"));
        Assert.Equal(["invalid_url"], (await world.Admin.PatchAsync(path, new { check_url = "ftp://x.example/" }, "*")).Faults("check_url"));
        Assert.Equal(["not_allowed"], (await world.Admin.PatchAsync(path, new { check_method = "POST" }, "*")).Faults("check_method"));
        Assert.Equal(["out_of_range"], (await world.Admin.PatchAsync(path, new { interval_seconds = 1 }, "*")).Faults("interval_seconds"));
    }

    [Fact]
    public async Task Provider_WayOut_ReadBackCheckedAndInUse()
    {
        await using var world = await gateway.NewWorldAsync();
        var id = (await world.Admin.PostAsync(Path, new { host = "named.example", port = 80 }))["id"].GetGuid();
        var model = await world.AddProviderAsync(id.ToString(), required: true);
        var provider = model.Split('/')[0];
        var path = $"/api/v1/providers/{provider}";

        var view = await world.Admin.GetAsync(path);
        Assert.Equal((id.ToString(), true), (view.Text("proxy"), view["proxy_required"].GetBoolean()));
        Assert.Equal(["unknown_proxy"], (await world.Admin.PatchAsync(path, new { proxy = Guid.NewGuid() }, "*")).Faults("proxy"));
        Assert.Equal(["not_allowed"], (await world.Admin.PatchAsync(path, new { proxy = "somewhere" }, "*")).Faults("proxy"));
        Assert.Equal(["conflict"], (await world.Admin.PatchAsync(path, new { proxy = "direct" }, "*")).Faults("proxy_required"));
        var used = await world.Admin.DeleteAsync($"{Path}/{id}", "*");
        used.MustBe(409, "in_use");
        Assert.Equal(provider, used["params"].GetProperty("used_by")[0].GetString());
        (await world.Admin.PatchAsync(path, new { proxy = (string?)null, proxy_required = (bool?)null }, "*")).MustBe(200);
        Assert.Equal("default", (await world.Admin.GetAsync(path)).Text("proxy"));
        (await world.Admin.DeleteAsync($"{Path}/{id}", "*")).MustBe(204);
    }

    [Fact]
    public async Task Provider_OfAUser_MayTakeThePoolButNeitherLeaveItsWayNorNameAProxy()
    {
        await using var world = await gateway.NewWorldAsync();
        var id = (await world.Admin.PostAsync(Path, new { host = "others.example", port = 80 }))["id"].GetGuid();
        var user = await gateway.AddSignedInUserAsync();
        var model = await world.AddProviderAsync("pool", "http://user.public.test/v1", api: user.Api);
        var path = $"/api/v1/providers/{model.Split('/')[0]}";

        Assert.Equal(["not_allowed"], (await user.Api.PatchAsync(path, new { proxy = "direct" }, "*")).Faults("proxy"));
        Assert.Equal(["not_allowed"], (await user.Api.PatchAsync(path, new { proxy = id }, "*")).Faults("proxy"));
        (await world.Admin.PatchAsync(path, new { proxy = "direct" }, "*")).MustBe(200);
        (await user.Api.PatchAsync(path, new { description = "still mine" }, "*")).MustBe(200);
        (await user.Api.GetAsync(Path)).MustBe(403, "forbidden");
    }

    [Fact]
    public async Task Secrets_AfterEveryUse_AreInNoAnswerNoLogAndNoFile()
    {
        await using var world = await gateway.NewWorldAsync();
        var proxy = world.StartProxy(TestProxyKind.Http, "user", "canary-used-password");
        var id = await world.AddAsync(proxy);
        var model = await world.AddProviderAsync("pool");
        var answers = new List<string> { (await world.AskAsync(model)).Body };
        answers.Add((await world.Admin.PatchAsync($"{Path}/{id}", new { password = "canary-wrong-password" }, "*")).Body);
        var refused = await world.AskAsync(model);
        answers.Add(refused.Body);
        answers.Add(string.Join(' ', await world.AttemptsAsync(refused.RequestId)));
        answers.Add((await world.Admin.PostAsync(Path, new { host = "h.example", port = "canary-type-error", password = "canary-in-a-bad-body" })).Body);
        answers.Add((await world.Admin.PostAsync(Path + "/sources", new
        {
            name = ProxyWorld.NewName("secret"),
            url = "https://lists.public.test/canary-list-token",
            headers = new Dictionary<string, string> { ["X-Token"] = "canary-list-header" },
        })).Body);
        answers.Add((await world.Admin.GetAsync(Path + "/sources")).Body);
        answers.Add((await world.Admin.GetAsync(Path)).Body);
        answers.Add((await world.Admin.GetAsync($"{Path}/{id}")).Body);

        Assert.All(answers, a => Assert.DoesNotContain("canary", a, StringComparison.Ordinal));
        Assert.Contains("proxy", gateway.Logs.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("canary", gateway.Logs.Text, StringComparison.Ordinal);
        var stored = await StoredAsync();
        Assert.DoesNotContain("canary", stored, StringComparison.Ordinal);
        Assert.Contains("proxy.updated", stored, StringComparison.Ordinal);
    }

    private async Task<string> StoredAsync()
    {
        var text = new StringBuilder();
        foreach (var file in Directory.GetFiles(gateway.DataDir, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            text.Append(await reader.ReadToEndAsync());
        }

        return text.ToString();
    }

    private Task<List<(string Action, string? Diff)>> AuditAsync(string target) => gateway.InDatabaseAsync(async db =>
        (await db.AuditLog.AsNoTracking().Where(e => e.Target == target).OrderBy(e => e.Seq).ToListAsync()).ConvertAll(e => (e.Action, e.Diff)));
}
