using AIHigress.Gateway.IntegrationTests.Identity;
using AIHigress.Gateway.IntegrationTests.Providers;
using AIHigress.TestKit;
using AIHigress.TestKit.Proxies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AIHigress.Gateway.IntegrationTests.Proxies;

/// <summary>Lists are read, proxies are checked, and traffic follows what they show.</summary>
[Collection(ProxyGateway.Name)]
public sealed class ProxyJobTests(ProxyGateway gateway)
{
    private const string Path = ProxyWorld.Path;

    [Fact]
    public async Task Check_ByHand_TellsGoodFromDeadAndTrafficFollows()
    {
        await using var world = await gateway.NewWorldAsync();
        var (good, dead, refusing) = (world.StartProxy(TestProxyKind.Socks5, "u", "p"), world.StartProxy(), world.StartProxy());
        dead.Stop();
        refusing.Refusal = 503;
        Guid[] ids = [await world.AddAsync(good), await world.AddAsync(dead), await world.AddAsync(refusing)];
        (await world.Admin.PostAsync(Path + "/check", new { ids })).MustBe(409, "conflict");
        await world.ConfigureAsync(new { check_url = $"{world.Upstream.OpenAIBaseUrl}/models", timeout_ms = 5000 });

        var answer = await world.Admin.PostAsync(Path + "/check", new { ids });

        answer.MustBe(200);
        var results = answer["checked"].EnumerateArray().ToDictionary(c => c.GetProperty("id").GetGuid(), c => c.GetProperty("ok").GetBoolean());
        Assert.Equal([true, false, false], ids.Select(id => results[id]));
        Assert.Equal("healthy", (await world.Admin.GetAsync($"{Path}/{ids[0]}")).Text("state"));
        var failed = await world.Admin.GetAsync($"{Path}/{ids[1]}");
        Assert.Equal(("cooling", 1, "The proxy can't be reached."), (failed.Text("state"), failed["failures"].GetInt32(), failed.Text("last_check_error")));
        (await world.Admin.PostAsync(Path + "/check", new { ids = new[] { Guid.NewGuid() } })).MustBe(404, "not_found");
        (await world.Admin.PostAsync(Path + "/check", new { ids = Array.Empty<Guid>() })).MustBe(400, "validation_failed");

        // Even when the rest is over: what failed its last check is not used before the next.
        await gateway.RefreshAsync();
        gateway.Clock.Advance(TimeSpan.FromSeconds(1));
        var model = await world.AddProviderAsync("pool");
        for (var i = 0; i < 3; i++)
        {
            var reply = await world.AskAsync(model);
            Assert.Equal([("ok", 200, $"127.0.0.1:{good.Port}")], await world.AttemptsAsync(reply.RequestId));
        }

        Assert.Equal((0, 1), (dead.Connections, refusing.Connections));
    }

    [Fact]
    public async Task Check_ByTheJob_ComesWhenDueAndBringsAProxyBack()
    {
        await using var world = await gateway.NewWorldAsync();
        var proxy = world.StartProxy();
        proxy.Refusal = 502;
        var id = await world.AddAsync(proxy);
        await world.ConfigureAsync(new { check_url = $"{world.Upstream.OpenAIBaseUrl}/models", interval_seconds = 300 });

        await TickUntilAsync(async () => (await world.Admin.GetAsync($"{Path}/{id}"))["last_check_ok"].ValueKind == System.Text.Json.JsonValueKind.False, "the check failed");
        proxy.Refusal = null;
        await TickUntilAsync(async () => (await world.Admin.GetAsync($"{Path}/{id}")).Text("state") == "healthy", "the next check, after the cooldown, went well");

        var model = await world.AddProviderAsync("pool");
        Assert.Equal(200, (await world.AskAsync(model)).Status);
    }

    [Fact]
    public async Task Check_AllInTheBackground_SaysHowMany()
    {
        await using var world = await gateway.NewWorldAsync();
        var ids = new[] { await world.AddAsync(world.StartProxy()), await world.AddAsync(world.StartProxy()) };
        await world.ConfigureAsync(new { check_url = $"{world.Upstream.OpenAIBaseUrl}/models" });

        var answer = await world.Admin.PostAsync(Path + "/check", new { });

        Assert.Equal(2, answer["queued"].GetInt32());
        await Eventually.TrueAsync(
            async () => (await world.Admin.GetAsync(Path + "?state=healthy")).Items().Count == ids.Length, "both were checked without waiting for the job's turn");
    }

    [Fact]
    public async Task StaticSource_Lines_AreItsProxiesAndGoWithIt()
    {
        await using var world = await gateway.NewWorldAsync();
        var made = await world.Admin.PostAsync(Path + "/sources", new { name = ProxyWorld.NewName("pasted"), lines = "a.example:1\nb.example:1\nbad", scheme = "socks5" });
        made.MustBe(201);
        var path = $"{Path}/sources/{made["id"].GetGuid()}";

        Assert.Equal((2, 3), (made["proxy_count"].GetInt32(), made["faults"][0].GetProperty("line").GetInt32()));
        var changed = await world.Admin.PatchAsync(path, new { lines = "b.example:1\nc.example:1\nd.example:1" }, made.ETag());
        changed.MustBe(200);
        Assert.Equal(3, changed["proxy_count"].GetInt32());
        Assert.Equal(["b.example", "c.example", "d.example"], await HostsAsync(world, made["id"].GetGuid()));
        (await world.Admin.PostAsync(path + "/refresh")).MustBe(409, "conflict");
        (await world.Admin.DeleteAsync(path, "*")).MustBe(204);
        Assert.Empty((await world.Admin.GetAsync(Path)).Items());
    }

    [Fact]
    public async Task RemoteSource_Read_FollowsTheListWithItsHeadersAndSurvivesAnOutage()
    {
        await using var world = await gateway.NewWorldAsync();
        await using var list = await ListServer.StartAsync();
        var proxy = world.StartProxy();
        list.Text = $"127.0.0.1:{proxy.Port}\ngone.example:1";
        var made = await world.Admin.PostAsync(Path + "/sources", new
        {
            name = ProxyWorld.NewName("remote"),
            url = list.Address,
            headers = new Dictionary<string, string> { ["X-Token"] = "canary-token" },
        });
        made.MustBe(201);
        var (id, path) = (made["id"].GetGuid(), $"{Path}/sources/{made["id"].GetGuid()}");

        await TickUntilAsync(async () => (await world.Admin.GetAsync(path))["proxy_count"].GetInt32() == 2, "the job read the list");
        Assert.Equal("canary-token", list.Token);
        var model = await world.AddProviderAsync("pool");
        Assert.Equal(200, (await world.AskAsync(model)).Status);

        list.Text = $"127.0.0.1:{proxy.Port}\nnew.example:1\n# comment";
        var read = await world.Admin.PostAsync(path + "/refresh");
        Assert.Equal((1, 1, 2), (read["added"].GetInt32(), read["removed"].GetInt32(), read["total"].GetInt32()));
        list.Text = "";
        (await world.Admin.PostAsync(path + "/refresh")).MustBe(200);
        list.Status = 500;
        var failed = await world.Admin.PostAsync(path + "/refresh");
        failed.MustBe(502, "upstream_check_failed");
        Assert.DoesNotContain(list.Address, failed.Body, StringComparison.Ordinal);
        Assert.Equal(["127.0.0.1", "new.example"], await HostsAsync(world, id));
        Assert.Equal("The list's server answered 500.", (await world.Admin.GetAsync(path)).Text("last_refresh_error"));

        (await world.Admin.PatchAsync(path, new { enabled = false }, "*")).MustBe(200);
        Assert.Equal(503, (await world.AskAsync(model)).Status);
        (await world.Admin.DeleteAsync(path, "*")).MustBe(204);
    }

    [Fact]
    public async Task RemoteSource_PrivateRedirectedOrHuge_IsRefused()
    {
        await using var world = await gateway.NewWorldAsync();
        await using var list = await ListServer.StartAsync();

        Assert.Equal(["private_host"], (await world.Admin.PostAsync(Path + "/sources", new { name = "x", url = "http://192.168.0.1/list" })).Faults("url"));
        Assert.Equal(["required"], (await world.Admin.PostAsync(Path + "/sources", new { name = "x", kind = "remote" })).Faults("url"));
        Assert.Equal(["invalid_value"], (await world.Admin.PostAsync(Path + "/sources", new { name = "x", url = list.Address, headers = new Dictionary<string, string> { ["X"] = "a\r\nB: c" } })).Faults("headers"));
        var path = $"{Path}/sources/{(await world.Admin.PostAsync(Path + "/sources", new { name = ProxyWorld.NewName("bad"), url = list.Address }))["id"].GetGuid()}";
        list.Text = new string('x', 1_100_000);
        Assert.Contains("1 MiB", (await world.Admin.PostAsync(path + "/refresh")).Text("detail"), StringComparison.Ordinal);
        list.Status = 302;
        Assert.Contains("302", (await world.Admin.PostAsync(path + "/refresh")).Text("detail"), StringComparison.Ordinal);
        (await world.Admin.DeleteAsync(path, "*")).MustBe(204);
    }

    private static async Task<IReadOnlyList<string>> HostsAsync(ProxyWorld world, Guid source) =>
        [.. (await world.Admin.GetAsync($"{Path}?source_id={source}&sort=host")).Items().Select(p => p.GetProperty("host").GetString()!)];

    /// <summary>Lets the jobs' time pass until it is so.</summary>
    private Task TickUntilAsync(Func<Task<bool>> condition, string what) => Eventually.TrueAsync(
        async () =>
        {
            gateway.Clock.Advance(TimeSpan.FromSeconds(5));
            return await condition();
        },
        what);

    private sealed class ListServer : IAsyncDisposable
    {
        private readonly WebApplication _app;

        private ListServer(WebApplication app) => _app = app;

        public string Text { get; set; } = "";

        public int Status { get; set; } = 200;

        public string? Token { get; private set; }

        public string Address => _app.Urls.Single() + "/list";

        public static async Task<ListServer> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var server = new ListServer(builder.Build());
            server._app.Run(async context =>
            {
                server.Token = context.Request.Headers["X-Token"];
                context.Response.StatusCode = server.Status;
                context.Response.Headers.Location = "http://127.0.0.1/other";
                await context.Response.WriteAsync(server.Text);
            });
            await server._app.StartAsync();
            return server;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}
