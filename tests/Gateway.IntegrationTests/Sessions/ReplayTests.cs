using System.Text.Json.Nodes;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.Gateway.IntegrationTests.Protocols;
using AIHigress.MockUpstream.Scripting;

namespace AIHigress.Gateway.IntegrationTests.Sessions;

/// <summary>What was said in a session is put in front of a request that carries only its new turn.</summary>
[Collection(SessionGateway.Name)]
public sealed class ReplayTests(SessionGateway gateway)
{
    private static readonly (string Name, string Value) Replay = ("X-Session-Context", "replay");

    /// <summary>Each protocol over its own kind of upstream, where bytes pass, and over another.</summary>
    public static TheoryData<string, string, bool> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string, bool>();
            foreach (var (protocol, own) in SessionGateway.OwnKind)
            {
                foreach (var stream in (bool[])[false, true])
                {
                    pairs.Add(protocol, own, stream);
                    pairs.Add(protocol, own == "openai" ? "anthropic" : "openai", stream);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Replay_OnlyTheNewTurn_TheModelIsAskedWithAllThatWasSaid(string protocol, string kind, bool stream)
    {
        var user = await gateway.AddSessionUserAsync();
        var model = "said-" + kind;
        string[] said = [Guid.NewGuid().ToString("N"), Guid.NewGuid().ToString("N"), Guid.NewGuid().ToString("N")];
        await AskAsync(user, protocol, model, stream, said[0]);
        await AskAsync(user, protocol, model, stream, said[1], Replay);

        await AskAsync(user, protocol, model, stream, said[2], Replay);

        var sent = SentRequest.Read(kind, gateway.One.Requests(model)[^1].BodyText);
        Assert.Equal("Be brief.", sent.System);
        var answer = Words.Text(new Behaviour());
        Assert.Equal(
            [("user", said[0]), ("assistant", answer), ("user", said[1]), ("assistant", answer), ("user", said[2])],
            sent.Texts.Select(t => (t.Role, t.Text)));
    }

    [Fact]
    public async Task Replay_AnotherProtocolThanBefore_CarriesTheHistoryOver()
    {
        var user = await gateway.AddSessionUserAsync();
        var words = ProtocolClient.Protocols.ToDictionary(p => p, _ => Guid.NewGuid().ToString("N"));
        foreach (var protocol in ProtocolClient.Protocols)
        {
            await AskAsync(user, protocol, "said-anthropic", stream: false, words[protocol], Replay);
        }

        var sent = SentRequest.Read("anthropic", gateway.One.Requests("said-anthropic")[^1].BodyText);
        Assert.Equal(words.Values, sent.Texts.Where(t => t.Role == "user").Select(t => t.Text));
    }

    [Fact]
    public async Task Replay_RequestWithItsHistory_IsLeftAlone()
    {
        var user = await gateway.AddSessionUserAsync();
        await AskAsync(user, "chat", "said-openai", stream: false, "first");
        const string whole = """{"messages":[{"role":"user","content":"first"},{"role":"assistant","content":"yes"},{"role":"user","content":"second"}]}""";

        var reply = await user.SendAsync(new ProtocolClient("chat").Ask("said-openai", extra: whole), "s", Replay);

        Assert.Equal(200, reply.Status);
        var sent = SentRequest.Read("openai", gateway.One.Requests("said-openai")[^1].BodyText);
        Assert.Equal(["first", "yes", "second"], sent.Texts.Select(t => t.Text));

        // And only its new turn is kept.
        var exchanges = await user.ExchangesAsync("s", 2);
        Assert.Equal(["second", Words.Text(new Behaviour())], exchanges[1].GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("content").GetString()));
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("responses")]
    [InlineData("messages")]
    [InlineData("gemini")]
    public async Task Replay_AToolsResultAlone_FindsItsCall(string protocol)
    {
        var user = await gateway.AddSessionUserAsync();
        var model = "said-" + SessionGateway.OwnKind[protocol];
        gateway.One.Script(model, new Behaviour { Tools = 1 }, times: 1);
        var turn = new ThinkingTurn(protocol, (await user.SendAsync(new ProtocolClient(protocol).Ask(model, tools: true), "t")).Body);
        using var whole = turn.Next(model);
        var body = JsonNode.Parse(await whole.Content!.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsObject();
        var name = protocol switch { "responses" => "input", "gemini" => "contents", _ => "messages" };
        var result = body[name]!.AsArray()[^1]!.DeepClone();

        // The mock refuses a result that answers no call.
        var reply = await user.SendAsync(
            new ProtocolClient(protocol).Ask(model, tools: true, extra: new JsonObject { [name] = new JsonArray(result) }.ToJsonString()), "t", Replay);

        Assert.True(reply.Status == 200, reply.Body);
        Assert.Contains("sunny", gateway.One.Requests(model)[^1].BodyText, StringComparison.Ordinal);
        await user.ExchangesAsync("t", 2);
    }

    [Fact]
    public async Task Replay_ACallThatWasNeverAnswered_IsLeftOut()
    {
        var user = await gateway.AddSessionUserAsync();
        gateway.One.Script("said-anthropic", new Behaviour { Tools = 1 }, times: 1);
        Assert.Equal(200, (await user.SendAsync(new ProtocolClient("messages").Ask("said-anthropic", tools: true), "u")).Status);

        var reply = await user.SendAsync(new ProtocolClient("messages").Ask("said-anthropic", tools: true), "u", Replay);

        Assert.True(reply.Status == 200, reply.Body);
        Assert.Empty(SentRequest.Read("anthropic", gateway.One.Requests("said-anthropic")[^1].BodyText).Calls);
    }

    [Fact]
    public async Task Header_ReplayWithoutASession_OrAnUnknownWord_IsRefused()
    {
        var user = await gateway.AddSessionUserAsync();

        foreach (var reply in (ChatReply[])[
            await user.AskAsync("other", null, Replay),
            await user.AskAsync("other", "s", ("X-Session-Context", "always"))])
        {
            Assert.Equal(400, reply.Status);
            Assert.Contains("X-Session-Context", reply.ErrorMessage, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task PreviousResponse_WithReplay_IsNotSaidTwice()
    {
        var user = await gateway.AddSessionUserAsync();
        var word = Guid.NewGuid().ToString("N");
        using var first = new ProtocolClient("responses").Ask("said-openai", extra: $$"""{"input":"{{word}}","store":true}""");
        var id = (await user.SendAsync(first, "p")).Json.GetProperty("id").GetString();
        using var next = new ProtocolClient("responses").Ask("said-openai", extra: $$"""{"input":"more","store":true,"previous_response_id":"{{id}}"}""");

        Assert.Equal(200, (await user.SendAsync(next, "p", Replay)).Status);

        var sent = SentRequest.Read("openai", gateway.One.Requests("said-openai")[^1].BodyText);
        Assert.Equal([word, Words.Text(new Behaviour()), "more"], sent.Texts.Select(t => t.Text));
    }

    [Fact]
    public async Task StoredResponse_OfAReplay_GoesOnWithTheWholeConversation()
    {
        var user = await gateway.AddSessionUserAsync();
        var word = Guid.NewGuid().ToString("N");
        await AskAsync(user, "chat", "said-openai", stream: false, word);
        using var replayed = new ProtocolClient("responses").Ask("said-openai", extra: """{"input":"second","store":true}""");
        var answer = (await user.SendAsync(replayed, "s", Replay)).Json;
        Assert.False(answer.TryGetProperty("input", out _));

        using var next = new ProtocolClient("responses").Ask("said-openai", extra: $$"""{"input":"third","store":true,"previous_response_id":"{{answer.GetProperty("id").GetString()}}"}""");
        Assert.Equal(200, (await user.SendAsync(next, null)).Status);

        var sent = SentRequest.Read("openai", gateway.One.Requests("said-openai")[^1].BodyText);
        Assert.Equal([word, "second", "third"], sent.Texts.Where(t => t.Role == "user").Select(t => t.Text));
    }

    private static async Task AskAsync(SessionUser user, string protocol, string model, bool stream, string text, params (string Name, string Value)[] headers)
    {
        var client = new ProtocolClient(protocol);
        var extra = protocol switch
        {
            "chat" => $$"""{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"{{text}}"}]}""",
            "messages" => $$"""{"messages":[{"role":"user","content":"{{text}}"}]}""",
            "responses" => $$"""{"input":"{{text}}"}""",
            _ => $$$"""{"contents":[{"role":"user","parts":[{"text":"{{{text}}}"}]}],"generationConfig":{"temperature":0.5}}""",
        };
        var reply = await user.SendAsync(client.Ask(model, stream, extra: extra), "s", headers);
        Assert.True(reply.Status == 200, reply.Body);
        Assert.True(client.Read(reply, stream).EndedProperly);
    }
}
