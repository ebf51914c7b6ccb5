using System.Text.Json;
using AIHigress.Gateway.IntegrationTests.Protocols;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Sessions;

/// <summary>Where a request's session id comes from.</summary>
[Collection(SessionGateway.Name)]
public sealed class SessionIdTests(SessionGateway gateway)
{
    public static TheoryData<string> Protocols => [.. ProtocolClient.Protocols];

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Header_IllFormed_IsRefusedNamingItAndTheRule(string protocol)
    {
        var user = await gateway.AddSessionUserAsync();
        foreach (var bad in (string[])["with space", "ü", "a,b", "a/b", new string('x', 129)])
        {
            using var request = new ProtocolClient(protocol).Ask("said-openai");
            var reply = await user.SendAsync(request, null, ("X-Session-Id", bad));

            Assert.True(reply.Status == 400, $"'{bad}': {reply.Body}");
            Assert.Contains("X-Session-Id", reply.ErrorMessage, StringComparison.Ordinal);
            Assert.Contains("1 to 128", reply.ErrorMessage, StringComparison.Ordinal);
        }

        Assert.Equal(200, (await user.SendAsync(new ProtocolClient(protocol).Ask("said-openai"), "A-z.0_9:" + new string('x', 120))).Status);
    }

    /// <summary>As the agents were seen to send them.</summary>
    [Theory]
    [InlineData("messages", "X-Claude-Code-Session-Id", "e360803e-01d2-4e31-b913-478ea71e508c")]
    [InlineData("responses", "session-id", "01a20dae-073b-7fb0-9760-a01544dd0747")]
    [InlineData("responses", "session_id", "01a20dae-073b-7fb0-9760-a01544dd0748")]
    [InlineData("responses", "conversation_id", "01a20dae-073b-7fb0-9760-a01544dd0749")]
    [InlineData("chat", "x-session-affinity", "ses_df251e6d7ffeDs1HYNWfSfCHTz")]
    [InlineData("chat", "x-opencode-session", "ses_df251e6d7ffeDs1HYNWfSfCHTy")]
    public async Task AgentHeader_Alone_IsTheSession(string protocol, string header, string id)
    {
        var user = await gateway.AddSessionUserAsync();

        Assert.Equal(200, (await user.SendAsync(new ProtocolClient(protocol).Ask("said-openai"), null, (header, id))).Status);

        Assert.Equal(id, Only(await user.SessionsAsync()));
        await user.ExchangesAsync(id, 1);
    }

    [Fact]
    public async Task AgentHeader_BesideOurs_Yields()
    {
        var user = await gateway.AddSessionUserAsync();

        await user.AskAsync("other", "ours", ("x-session-affinity", "theirs"), ("session-id", "codex"));

        Assert.Equal("ours", Only(await user.SessionsAsync()));
    }

    [Fact]
    public async Task AgentHeader_IllFormed_IsIgnored()
    {
        var user = await gateway.AddSessionUserAsync();

        Assert.Equal(200, (await user.AskAsync("other", null, ("session-id", "not valid/at all"))).Status);
        Assert.Empty(await user.SessionsAsync());
        Assert.Equal(200, (await user.AskAsync("other", null, ("session-id", "not valid"), ("x-session-affinity", "valid"))).Status);
        Assert.Equal("valid", Only(await user.SessionsAsync()));
    }

    /// <summary>What may stand for a user or a prompt keeps requests together, and nothing is recorded under it.</summary>
    [Theory]
    [InlineData("chat", """{"prompt_cache_key":"key-1","user":"u"}""", "key-1")]
    [InlineData("chat", """{"prompt_cache_key":"not valid","metadata":{"user_id":"m-1"}}""", "m-1")]
    [InlineData("responses", """{"prompt_cache_key":"key-2"}""", "key-2")]
    [InlineData("messages", """{"metadata":{"user_id":"user_1-session_2"}}""", "user_1-session_2")]
    public async Task BodyMember_Alone_IsTheSessionAndIsNotRecorded(string protocol, string extra, string id)
    {
        var user = await gateway.AddSessionUserAsync();
        var kind = SessionGateway.OwnKind[protocol];

        var reply = await user.SendAsync(new ProtocolClient(protocol).Ask("said-" + kind, extra: extra), null);

        Assert.True(reply.Status == 200, reply.Body);
        Assert.Equal(id, Only(await user.SessionsAsync()));
        await user.AskAsync("other", "behind-it");
        await user.ExchangesAsync("behind-it", 1);
        Assert.Empty(await user.ExchangesAsync(id, 0));
    }

    [Fact]
    public async Task Member_OfTheWrongType_IsRefusedByName()
    {
        var user = await gateway.AddSessionUserAsync();

        var reply = await user.SendAsync(new ProtocolClient("responses").Ask("said-openai_responses", extra: """{"prompt_cache_key":7}"""), null);

        Assert.Equal(400, reply.Status);
        Assert.Contains("prompt_cache_key", reply.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RequestLog_OfASession_NamesIt()
    {
        var user = await gateway.AddSessionUserAsync();
        await user.AskAsync("other", "logged-session");
        await user.AskAsync("other", null);

        await Eventually.TrueAsync(
            async () =>
            {
                // Whatever waits for a moment to bring records to the database.
                gateway.Clock.Advance(TimeSpan.FromSeconds(1));
                var logs = await user.Api.GetAsync("/api/v1/request-logs?session_id=logged-session");
                return logs["items"].GetArrayLength() == 1 && logs["items"][0].GetProperty("session_id").GetString() == "logged-session";
            },
            "the request is found by its session");
    }

    private static string? Only(IReadOnlyList<JsonElement> sessions) => Assert.Single(sessions).GetProperty("session_id").GetString();
}
