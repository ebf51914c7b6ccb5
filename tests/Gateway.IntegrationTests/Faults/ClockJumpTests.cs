using System.Net.Http.Headers;
using System.Net.Http.Json;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.IntegrationTests.Identity;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream;
using AIHigress.MockUpstream.Scripting;
using AIHigress.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AIHigress.Gateway.IntegrationTests.Faults;

/// <summary>Somebody sets the machine's clock an hour forward or back: what is counted in spans does not notice.</summary>
public sealed class ClockJumpTests
{
    private static readonly string[] Both = ["limited", "healthy"];

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Clock_JumpsAnHour_RestsCircuitsAndDurationsStayWhatTheyWere(int hours)
    {
        await using var mock = await MockUpstreamHost.StartAsync();
        var clock = new SetClock();
        await using var gateway = await StartAsync(mock, clock);
        var admin = await SignInAsync(gateway);
        await SetUpAsync(admin, mock);
        using var client = gateway.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await NewKeyAsync(admin, "before"));
        mock.Script("rests", new Behaviour { Status = 429, RetryAfter = "300" }, times: 1);
        Assert.Equal(("healthy/mock-ok", "2"), await AskAsync(client, "rests"));
        mock.Script("opens", new Behaviour { Status = 500 });
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(("healthy/mock-ok", "2"), await AskAsync(client, "opens", i));
        }

        clock.Jump(TimeSpan.FromHours(hours));

        // Neither over before its time, which an hour forward would make it, nor longer than it was, which can't be seen in a test's time.
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(("healthy/mock-ok", "1"), await AskAsync(client, "rests"));
            Assert.Equal(("healthy/mock-ok", "1"), await AskAsync(client, "opens", 10 + i));
        }

        Assert.Single(mock.Requests("rests"));
        Assert.Equal(3, mock.Requests("opens").Count);
        // Changes act at once, with the tokens of a new sign-in: those of before may have run out with the hour.
        var again = await SignInAsync(gateway);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await NewKeyAsync(again, "after"));
        Assert.Equal(("healthy/mock-ok", "1"), await AskAsync(client, "plain"));
        await AssertDurationsAsync(gateway, requests: 11);
    }

    private static async Task AssertDurationsAsync(GatewayFactory gateway, int requests)
    {
        List<int> durations = [];
        await Eventually.TrueAsync(
            async () =>
            {
                await using var scope = gateway.Services.CreateAsyncScope();
                durations = await scope.ServiceProvider.GetRequiredService<GatewayDbContext>().RequestLogs.AsNoTracking().Select(r => r.DurationMs).ToListAsync();
                return durations.Count == requests;
            },
            "every request is logged");
        Assert.All(durations, ms => Assert.InRange(ms, 0, (int)Timeouts.Wait.TotalMilliseconds));
    }

    private static async Task<(string? ServedBy, string? Attempts)> AskAsync(HttpClient client, string model, int seed = 0)
    {
        using var request = ChatClient.Request(ChatClient.Body(model, extra: $",\"seed\":{seed}"));
        using var response = await client.SendAsync(request);
        var reply = await ChatReply.ReadAsync(response);
        Assert.True(reply.Status == 200, reply.Body);
        return (reply.ServedBy, reply.Attempts);
    }

    private static Task<GatewayFactory> StartAsync(MockUpstreamServer mock, TimeProvider clock) => GatewayFactory.StartAsync(
        TestDatabase.Sqlite,
        new Dictionary<string, string>
        {
            ["DEFAULT_ADMIN_EMAIL"] = GatewayDeclaration.AdminEmail,
            ["DEFAULT_ADMIN_PASSWORD"] = GatewayDeclaration.AdminPassword,
            ["ALLOWED_PRIVATE_UPSTREAMS"] = "127.0.0.1",
            ["ALLOWED_UPSTREAM_PORTS"] = $"443,80,{mock.BaseAddress.Port}",
        },
        clock);

    private static async Task<Api> SignInAsync(GatewayFactory gateway)
    {
        var api = new Api(gateway.CreateClient());
        var answer = await api.PostAsync("/api/v1/auth/login", new { email = GatewayDeclaration.AdminEmail, password = GatewayDeclaration.AdminPassword, delivery = "body" });
        answer.MustBe(200);
        return api.With(answer.Text("access_token"));
    }

    private static async Task SetUpAsync(Api admin, MockUpstreamServer mock)
    {
        foreach (var id in Both)
        {
            (await admin.PostAsync("/api/v1/providers", new
            {
                id,
                name = id,
                base_url = mock.OpenAIBaseUrl.AbsoluteUri.TrimEnd('/'),
                keys = new[] { new { label = "main", key = GatewayDeclaration.SecretOf(id) } },
                models = new[] { "mock-ok", "rests", "opens" },
            })).MustBe(201);
        }

        foreach (var (id, first) in (IEnumerable<(string, string)>)[("rests", "rests"), ("opens", "opens")])
        {
            (await admin.PostAsync("/api/v1/logical-models", new
            {
                id,
                strategy = "priority",
                upstreams = new[] { new { provider = id == "rests" ? "limited" : "healthy", model = first }, new { provider = "healthy", model = "mock-ok" } },
            })).MustBe(201);
        }

        (await admin.PostAsync("/api/v1/logical-models", new { id = "plain", upstreams = new[] { new { provider = "healthy", model = "mock-ok" } } })).MustBe(201);
    }

    private static async Task<string> NewKeyAsync(Api admin, string name)
    {
        var created = await admin.PostAsync("/api/v1/api-keys", new { name });
        created.MustBe(201);
        return created.Text("token");
    }

    /// <summary>The wall clock can be set; what runs is the machine's own, as when an operator sets the time.</summary>
    private sealed class SetClock : TimeProvider
    {
        private TimeSpan _offset;

        public void Jump(TimeSpan by) => _offset += by;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _offset;
    }
}
