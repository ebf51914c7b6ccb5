using System.Text;
using System.Text.Json.Nodes;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.Gateway.IntegrationTests.Protocols;
using AIHigress.MockUpstream;
using AIHigress.MockUpstream.Scripting;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Sessions;

/// <summary>With Redis, sessions outlive the process that made them, and all replicas agree.</summary>
public sealed class SharedSessionTests
{
    private const string Canary = "canary-words-of-a-session";
    private static readonly (string Name, string Value) Session = ("X-Session-Id", "shared");
    private static readonly (string Name, string Value) NotOne = ("X-Route-Exclude", "one");
    private static readonly (string Name, string Value) Replay = ("X-Session-Context", "replay");

    private static readonly (string Protocol, string Kind)[] Makers = [("messages", "anthropic"), ("responses", "openai-responses"), ("gemini", "gemini")];

    [Fact]
    public async Task Kill_AndStartAgain_BindingConversationAndMakersAreThereAndNothingLiesOpen()
    {
        await using var mock = await MockUpstreamHost.StartAsync();
        mock.Script("*", new Behaviour { Reasoning = 2, Tools = 1 });
        mock.Script("m", new Behaviour { Text = Canary + "-answered" });
        var redis = await RedisServer.FreshUrlAsync();
        await using var site = Site(mock, redis);
        var turns = new Dictionary<string, ThinkingTurn>();
        var gateway = await site.StartAsync();
        using (var client = new ChatClient(gateway.Address, GatewaySite.Key))
        {
            Assert.Equal("two/m", (await client.AskAsync("m", headers: [Session, NotOne])).ServedBy);
            await Eventually.TrueAsync(async () => (await client.GetAsync("/context/shared")).Json.GetProperty("exchanges").GetArrayLength() == 1, "it is kept");
            foreach (var (protocol, kind) in Makers)
            {
                turns[kind] = await ThinkAsync(client, protocol, kind);
            }
        }

        gateway.Kill();
        await gateway.WaitForExitAsync();
        var again = await site.StartAsync();
        using var after = new ChatClient(again.Address, GatewaySite.Key);
        var next = await after.AskAsync("m", headers: [Session, Replay]);

        Assert.Equal("two/m", next.ServedBy);
        var sent = SentRequest.Read("openai", mock.Requests("m")[^1].BodyText);
        Assert.Equal(["Say something.", Canary + "-answered", "Say something."], sent.Texts.Select(t => t.Text));
        foreach (var (_, kind) in Makers)
        {
            // The other one stands first in the model's order; encrypted thoughts go back to their maker.
            Assert.Equal($"second-{kind}/{kind}", (await after.SendAsync(turns[kind].Next(kind))).ServedBy);
        }

        Assert.DoesNotContain(Canary, Encoding.UTF8.GetString(await RedisDump.AllAsync(redis)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoReplicas_OneRedis_AgreeOnBindingsConversationsAndTheirEnd()
    {
        await using var mock = await MockUpstreamHost.StartAsync();
        var redis = await RedisServer.FreshUrlAsync();
        var database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using var here = Site(mock, redis, database);
        await using var there = Site(mock, redis, database);
        var one = await here.StartAsync();
        var two = await there.StartAsync();
        using var client = new ChatClient(one.Address, GatewaySite.Key);
        using var elsewhere = new ChatClient(two.Address, GatewaySite.Key);

        Assert.Equal("two/m", (await client.AskAsync("m", headers: [Session, NotOne])).ServedBy);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("two/m", (await elsewhere.AskAsync("m", headers: [Session])).ServedBy);
        }

        await Eventually.TrueAsync(async () => (await client.GetAsync("/context/shared")).Json.GetProperty("exchanges").GetArrayLength() == 6, "both wrote into one conversation");

        // Ended through one, it is ended for the other, too.
        using var http = new HttpClient { BaseAddress = new Uri(one.Address) };
        var admin = await SignInAsync(http);
        var id = (await admin.GetAsync(SessionUser.Path))["items"][0].GetProperty("id").GetString();
        (await admin.DeleteAsync($"{SessionUser.Path}/{id}")).MustBe(204);
        await Eventually.TrueAsync(async () => (await elsewhere.GetAsync("/context/shared")).Status == 404, "the other replica has forgotten it");
        Assert.Equal("one/m", (await elsewhere.AskAsync("m", headers: [Session])).ServedBy);
    }

    [Fact]
    public async Task RedisGone_EachReplicaGoesOnWithWhatItKnew()
    {
        await using var mock = await MockUpstreamHost.StartAsync();
        await using var redis = await RedisServer.StartAsync();
        await using var site = Site(mock, redis.Url);
        var gateway = await site.StartAsync();
        using var client = new ChatClient(gateway.Address, GatewaySite.Key);
        Assert.Equal("two/m", (await client.AskAsync("m", headers: [Session, NotOne])).ServedBy);
        await Eventually.TrueAsync(async () => (await client.GetAsync("/context/shared")).Json.GetProperty("exchanges").GetArrayLength() == 1, "it is kept");

        redis.Halt();
        Assert.Equal("two/m", (await client.AskAsync("m", headers: [Session])).ServedBy);
        Assert.Equal("two/m", (await client.AskAsync("m", headers: [Session, Replay])).ServedBy);
        using var http = new HttpClient { BaseAddress = new Uri(gateway.Address) };
        var admin = await SignInAsync(http);
        var id = (await admin.GetAsync(SessionUser.Path))["items"][0].GetProperty("id").GetString();
        (await admin.DeleteAsync($"{SessionUser.Path}/{id}")).MustBe(503, "unavailable");
        Assert.Equal(5, SentRequest.Read("openai", mock.Requests("m")[^1].BodyText).Texts.Count);

        // And it comes back empty: still nothing is lost.
        await redis.StartAgainAsync();
        Assert.Equal("two/m", (await client.AskAsync("m", headers: [Session])).ServedBy);
    }

    private static async Task<ThinkingTurn> ThinkAsync(ChatClient client, string protocol, string kind)
    {
        using var first = ThinkingTurn.First(protocol, kind, stream: false);
        first.Headers.Add("X-Route-Providers", "second-" + kind);
        var reply = await client.SendAsync(first);
        Assert.True(reply.Status == 200, reply.Body);
        return new ThinkingTurn(protocol, reply.Body);
    }

    private static async Task<Identity.Api> SignInAsync(HttpClient http)
    {
        var answer = await new Identity.Api(http).PostAsync(
            "/api/v1/auth/login", new { email = GatewayDeclaration.AdminEmail, password = GatewayDeclaration.AdminPassword, delivery = "body" });
        answer.MustBe(200);
        return new Identity.Api(http).With(answer.Text("access_token"));
    }

    private static GatewaySite Site(MockUpstreamServer mock, string redis, string? database = null)
    {
        var declaration = new GatewayDeclaration()
            .Provider("one", mock.OpenAIBaseUrl)
            .Provider("two", mock.OpenAIBaseUrl)
            .Model("m", ("one", "m"), ("two", "m"));
        foreach (var (_, kind) in Makers)
        {
            var url = new Uri(mock.BaseAddress, kind == "gemini" ? "/v1beta" : "/v1");
            declaration
                .Provider("first-" + kind, kind.Replace('-', '_'), url)
                .Provider("second-" + kind, kind.Replace('-', '_'), url)
                .Model(kind, ("first-" + kind, kind), ("second-" + kind, kind));
        }

        declaration.Environment["REDIS_URL"] = redis;

        // A machine with other work to do answers late; that Redis is slow is tested elsewhere.
        declaration.Environment["REDIS_SLOW_MS"] = "2000";
        declaration.Environment["SECRET_KEY"] = "a-secret-key-that-two-replicas-share-0123456789";
        return new GatewaySite(declaration, database);
    }
}
