using System.Text;
using System.Text.Json;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.Gateway.IntegrationTests.Protocols;
using AIHigress.MockUpstream.Scripting;

namespace AIHigress.Gateway.IntegrationTests.Sessions;

/// <summary>What is kept of conversations, and what is not.</summary>
[Collection(SessionGateway.Name)]
public sealed class ContextTests(SessionGateway gateway)
{
    public static TheoryData<string, bool> Protocols
    {
        get
        {
            var all = new TheoryData<string, bool>();
            foreach (var protocol in ProtocolClient.Protocols)
            {
                all.Add(protocol, false);
                all.Add(protocol, true);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Get_OwnSession_ShowsRequestAnswerAndCalls(string protocol, bool stream)
    {
        var user = await gateway.AddSessionUserAsync();
        var model = "said-" + SessionGateway.OwnKind[protocol];
        gateway.One.Script(model, new Behaviour { Tools = 1, ToolArguments = """{"a":"b"}""" }, times: 1);

        var reply = await user.SendAsync(new ProtocolClient(protocol).Ask(model, stream, tools: true), "seen");

        var exchange = Assert.Single(await user.ExchangesAsync("seen", 1, "?model=" + model));
        Assert.Equal(reply.RequestId, exchange.GetProperty("request_id").GetGuid());
        Assert.False(exchange.GetProperty("is_cut").GetBoolean());
        var messages = exchange.GetProperty("messages").EnumerateArray().ToList();
        Assert.Equal(["user", "assistant"], messages.Select(m => m.GetProperty("role").GetString()));
        Assert.Equal("Say something.", messages[0].GetProperty("content").GetString());
        var call = messages[1].GetProperty("tool_calls")[0].GetProperty("function");
        Assert.Equal("weather", call.GetProperty("name").GetString());
        Assert.Equal("b", JsonDocument.Parse(call.GetProperty("arguments").GetString()!).RootElement.GetProperty("a").GetString());
        var context = (await user.ContextAsync("seen")).Json;
        Assert.Equal((model, "seen"), (context.GetProperty("model").GetString(), context.GetProperty("session_id").GetString()));
    }

    [Fact]
    public async Task GeminiArray_Stream_IsKeptLikeAnyOther()
    {
        var user = await gateway.AddSessionUserAsync();
        using var request = new ProtocolClient("gemini").Ask("said-gemini", stream: true);
        request.RequestUri = new Uri(request.RequestUri!.OriginalString.Replace("?alt=sse", "", StringComparison.Ordinal), UriKind.Relative);

        Assert.StartsWith("[", (await user.SendAsync(request, "array")).Body, StringComparison.Ordinal);

        var exchange = Assert.Single(await user.ExchangesAsync("array", 1));
        Assert.Equal(Words.Text(new Behaviour()), exchange.GetProperty("messages")[1].GetProperty("content").GetString());
    }

    [Fact]
    public async Task Record_SameProtocol_StillPassesBytes()
    {
        var user = await gateway.AddSessionUserAsync();
        const string body = """{ "model":"bytes",  "messages":[{"role":"user","content":"caf\u00e9"}], "odd":{"b":1,"a":[ ]} }""";

        var reply = await user.SendAsync(ChatClient.Request(body), "b");
        var direct = await user.SendAsync(ChatClient.Request(body), null);

        Assert.Equal([body, body], gateway.One.Requests("bytes").TakeLast(2).Select(r => Encoding.UTF8.GetString(r.BodyBase64)));
        Assert.Equal(direct.Body.Length, reply.Body.Length);
        Assert.Equal("café", Assert.Single(await user.ExchangesAsync("b", 1)).GetProperty("messages")[0].GetProperty("content").GetString());
    }

    [Fact]
    public async Task Record_BrokenOffOrSwitchedOff_IsNotKept()
    {
        var user = await gateway.AddSessionUserAsync();
        gateway.One.Script("other", new Behaviour { CutAfter = 4 }, times: 1);
        var broken = await user.SendAsync(new ProtocolClient("chat").Ask("other", stream: true), "k");
        Assert.DoesNotContain("[DONE]", broken.Events.Take(broken.Events.Count - 2));
        await user.AskAsync("other", "k", ("X-Session-Context", "off"));

        var whole = await user.AskAsync("other", "k");

        Assert.Equal(whole.RequestId, Assert.Single(await user.ExchangesAsync("k", 1)).GetProperty("request_id").GetGuid());
    }

    [Fact]
    public async Task Record_LargeRequest_KeepsItsEndAndSaysSo()
    {
        var user = await gateway.AddSessionUserAsync();
        var messages = $$"""{"messages":[{"role":"user","content":"{{new string('x', 90_000)}}"},{"role":"user","content":"the end"}]}""";

        Assert.Equal(200, (await user.SendAsync(new ProtocolClient("chat").Ask("other", extra: messages), "large")).Status);

        var exchange = Assert.Single(await user.ExchangesAsync("large", 1));
        Assert.True(exchange.GetProperty("is_cut").GetBoolean());
        var raw = exchange.GetProperty("messages").GetRawText();
        Assert.InRange(raw.Length, 1, 64 * 1024);
        Assert.Contains("the end", raw, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_MoreThanFifty_KeepsTheNewest()
    {
        var user = await gateway.AddSessionUserAsync();
        ChatReply? last = null;
        for (var i = 0; i < 52; i++)
        {
            last = await user.AskAsync("other", "many");
        }

        IReadOnlyList<JsonElement> kept = [];
        await TestKit.Eventually.TrueAsync(
            async () => (kept = await user.ExchangesAsync("many", 50))[^1].GetProperty("request_id").GetGuid() == last!.RequestId, "the last is kept");
        Assert.Equal(50, kept.Count);
    }

    [Fact]
    public async Task Get_UnknownOrForeign_Is404AndWithoutKey401()
    {
        var owner = await gateway.AddSessionUserAsync();
        var stranger = await gateway.AddSessionUserAsync();
        await owner.AskAsync("other", "mine");
        await owner.ExchangesAsync("mine", 1);

        Assert.Equal((404, "session_not_found"), await StatusAsync(stranger.ContextAsync("mine")));
        Assert.Equal((404, "session_not_found"), await StatusAsync(owner.ContextAsync("mine", "?model=shared")));
        Assert.Equal((404, "session_not_found"), await StatusAsync(owner.ContextAsync("not%20valid")));
        using var anyone = await gateway.CreateClient().GetAsync("/context/mine", TestContext.Current.CancellationToken);
        Assert.Equal(401, (int)anyone.StatusCode);
    }

    [Fact]
    public async Task Ttl_Conversation_OutlivesTheBindingAndThenEnds()
    {
        var user = await gateway.AddSessionUserAsync();
        Assert.Equal("two/ttl", (await user.AskAsync("ttl", "old", ("X-Route-Exclude", "one"))).ServedBy);
        await user.ExchangesAsync("old", 1);

        gateway.Clock.Advance(TimeSpan.FromHours(20));
        Assert.Equal("one/ttl", (await user.AskAsync("ttl", "old")).ServedBy);
        await user.ExchangesAsync("old", 2);
        gateway.Clock.Advance(TimeSpan.FromHours(23));
        await user.ExchangesAsync("old", 2);
        gateway.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(404, (await user.ContextAsync("old")).Status);
    }

    private static async Task<(int Status, string? Code)> StatusAsync(Task<ChatReply> asking)
    {
        var reply = await asking;
        return (reply.Status, reply.ErrorCode);
    }
}
