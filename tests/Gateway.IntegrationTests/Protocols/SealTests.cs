using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AIHigress.Gateway.IntegrationTests.Kit;

namespace AIHigress.Gateway.IntegrationTests.Protocols;

/// <summary>
/// What only its maker can read (signed or encrypted thoughts) comes back to it unchanged in the next turn, through any client protocol. The
/// mock refuses what it did not make.
/// </summary>
public sealed partial class SealTests(SharedWorlds worlds) : ProtocolTests(worlds)
{
    /// <summary>Over each pair whose upstream seals its thoughts; Chat upstreams have no such thing.</summary>
    public static TheoryData<string, string> SealedPairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var pair in Pairs.Where(p => p.Data.Item2 != "openai"))
            {
                pairs.Add(pair.Data.Item1, pair.Data.Item2);
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(SealedPairs))]
    public async Task NextTurn_AnyPair_GoesBackToTheMakerWithItsSeal(string protocol, string kind)
    {
        var model = $"sealed-{protocol}-over-{kind}";
        var maker = ProtocolModels.Id("second", kind);
        var turn = await FirstTurnAsync(protocol, model, maker);

        var reply = await World.Client.SendAsync(turn.Next(model));

        Assert.True(reply.Status == 200, reply.Body);
        // The other one is preferred, and did not make it.
        Assert.Equal(maker + "/" + model, reply.ServedBy);
        AssertSealed(turn, await SecondRequestAsync(model));
    }

    [Theory]
    [MemberData(nameof(SealedPairs))]
    public async Task NextTurn_MakerGone_AnotherKindServesWithoutTheSeal(string protocol, string kind)
    {
        var upstream = $"sealed-{protocol}-over-{kind}";
        var model = upstream + "-or-else";
        var maker = ProtocolModels.Id("second", kind);
        var turn = await FirstTurnAsync(protocol, model, maker);
        using var request = turn.Next(model);
        request.Headers.Add("X-Route-Exclude", $"{maker},{ProtocolModels.Id("first", kind)}");

        var reply = await World.Client.SendAsync(request);

        Assert.True(reply.Status == 200, reply.Body);
        var foreign = kind == "anthropic" ? "gemini" : "anthropic";
        Assert.StartsWith(ProtocolWorld.SpareOf(foreign), reply.ServedBy, StringComparison.Ordinal);
        var sent = (await UpstreamRequestAsync(upstream + "-else")).BodyText;
        Assert.Contains("sunny", sent, StringComparison.Ordinal);
        Assert.DoesNotMatch(MockSeal(), sent);
        Assert.DoesNotContain("YWloaWcu", sent, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SealedPairs))]
    public async Task NextTurn_MakerGone_SameKindServesOnlyWithoutTheBytes(string protocol, string kind)
    {
        var model = $"sealed-{protocol}-over-{kind}";
        var maker = ProtocolModels.Id("second", kind);
        var turn = await FirstTurnAsync(protocol, model, maker);
        using var request = turn.Next(model);
        request.Headers.Add("X-Route-Exclude", maker);

        var reply = await World.Client.SendAsync(request);

        if (IsSameProtocol(protocol, kind))
        {
            Assert.Equal(503, reply.Status);
            Assert.Contains("only the provider that made them can read", reply.ErrorMessage, StringComparison.Ordinal);
            Assert.True(reply.Headers.ContainsKey("Retry-After"));
            return;
        }

        Assert.True(reply.Status == 200, reply.Body);
        Assert.Equal(ProtocolModels.Id("first", kind) + "/" + model, reply.ServedBy);
        Assert.DoesNotMatch(MockSeal(), await SecondRequestAsync(model));
    }

    [Theory]
    [MemberData(nameof(SealedPairs))]
    public async Task Stream_AnyPair_CarriesTheSeal(string protocol, string kind)
    {
        if (protocol == "chat")
        {
            // Its stream has the seal in reasoning_details, or as Google writes it in the call; the grammar looks into neither.
            using var chat = ThinkingTurn.First(protocol, $"sealed-{protocol}-over-{kind}", stream: true);
            Assert.Matches(kind == "gemini" ? MockSeal() : MarkedSeal(), (await World.Client.SendAsync(chat)).Body);
            return;
        }

        using var request = ThinkingTurn.First(protocol, $"sealed-{protocol}-over-{kind}", stream: true);
        var reply = await World.Client.SendAsync(request);

        var seen = new ProtocolClient(protocol).Read(reply, stream: true);
        Assert.True(seen.EndedProperly);
        Assert.Matches(IsSameProtocol(protocol, kind) ? MockSeal() : MarkedSeal(), reply.Body);
    }

    [Fact]
    public async Task UnsignedThoughts_NextTurnAtAnthropic_AreLeftOut()
    {
        var client = new ProtocolClient("messages");
        var first = await World.Client.SendAsync(client.Ask(ProtocolWorld.ModelOf("thinking", "openai")));
        var answer = JsonNode.Parse(first.Body)!["content"]!;
        Assert.Equal("thinking", (string?)answer[0]!["type"]);
        var model = ProtocolWorld.ModelOf("text", "anthropic");
        var messages = new JsonArray(
            new JsonObject { ["role"] = "user", ["content"] = "Say something." },
            new JsonObject { ["role"] = "assistant", ["content"] = answer.DeepClone() },
            new JsonObject { ["role"] = "user", ["content"] = "Go on." });

        var reply = await World.Client.SendAsync(client.Ask(model, extra: new JsonObject { ["messages"] = messages }.ToJsonString()));

        Assert.True(reply.Status == 200, reply.Body);
        var sent = (await UpstreamRequestAsync(model)).BodyText;
        Assert.Contains("token1", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("thought1", sent, StringComparison.Ordinal);
    }

    private static bool IsSameProtocol(string protocol, string kind) => (protocol, kind) is ("responses", "openai_responses") or ("messages", "anthropic") or ("gemini", "gemini");

    private async Task<ThinkingTurn> FirstTurnAsync(string protocol, string model, string maker)
    {
        using var request = ThinkingTurn.First(protocol, model, stream: false);
        request.Headers.Add("X-Route-Providers", maker);
        var reply = await World.Client.SendAsync(request);
        Assert.True(reply.Status == 200, reply.Body);
        return new ThinkingTurn(protocol, reply.Body);
    }

    private async Task<string> SecondRequestAsync(string model) =>
        (await World.Mock.Control.RequestsAsync(model)).Last(r => r.BodyText.Contains("sunny", StringComparison.Ordinal)).BodyText;

    /// <summary>The mock's own text, unchanged, is what the client held (as it is, or inside its wrapping).</summary>
    private static void AssertSealed(ThinkingTurn turn, string sent)
    {
        var seal = MockSeal().Match(sent);
        Assert.True(seal.Success, sent);
        var held = MockSeal().Matches(turn.Answer).Select(m => m.Value)
            .Concat(MarkedSeal().Matches(turn.Answer).Select(m => Encoding.UTF8.GetString(Convert.FromBase64String(m.Value)).Split('\n')[^1]));
        Assert.Contains(seal.Value, held);
    }

    [GeneratedRegex("dGhvdWdodC1vZi[0-9A-Za-z+/]+=*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MockSeal();

    [GeneratedRegex("YWloaWcu[0-9A-Za-z+/]+=*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MarkedSeal();
}

/// <summary>A first turn in which the model thought and called a tool, and the second that brings the result.</summary>
internal sealed class ThinkingTurn(string protocol, string answer)
{
    private static readonly Dictionary<string, string> Asking = new()
    {
        ["chat"] = """{"reasoning_effort":"high","messages":[{"role":"user","content":"How is it?"}]}""",
        ["responses"] = """{"store":false,"include":["reasoning.encrypted_content"],"reasoning":{"effort":"high","summary":"auto"},"input":[{"role":"user","content":"How is it?"}]}""",
        ["messages"] = """{"max_tokens":9000,"thinking":{"type":"enabled","budget_tokens":2000},"messages":[{"role":"user","content":"How is it?"}]}""",
        ["gemini"] = """{"contents":[{"role":"user","parts":[{"text":"How is it?"}]}],"generationConfig":{"thinkingConfig":{"includeThoughts":true,"thinkingBudget":2000}}}""",
    };

    public string Answer { get; } = answer;

    public static HttpRequestMessage First(string protocol, string model, bool stream) =>
        new ProtocolClient(protocol).Ask(model, stream, tools: true, Asking[protocol]);

    public HttpRequestMessage Next(string model)
    {
        var body = JsonNode.Parse(Asking[protocol])!.AsObject();
        var said = JsonNode.Parse(Answer)!;
        switch (protocol)
        {
            case "chat":
                var message = said["choices"]![0]!["message"]!.DeepClone();
                body["messages"]!.AsArray().Add(message);
                body["messages"]!.AsArray().Add(Json($$"""{"role":"tool","tool_call_id":"{{message["tool_calls"]![0]!["id"]}}","content":"sunny"}"""));
                break;
            case "responses":
                var input = body["input"]!.AsArray();
                foreach (var item in said["output"]!.AsArray())
                {
                    input.Add(item!.DeepClone());
                }

                var call = said["output"]!.AsArray().Single(i => i!["type"]!.GetValue<string>() == "function_call")!;
                input.Add(Json($$"""{"type":"function_call_output","call_id":"{{call["call_id"]}}","output":"sunny"}"""));
                break;
            case "messages":
                var blocks = said["content"]!.DeepClone().AsArray();
                var use = blocks.Single(b => b!["type"]!.GetValue<string>() == "tool_use")!["id"];
                body["messages"]!.AsArray().Add(new JsonObject { ["role"] = "assistant", ["content"] = blocks });
                body["messages"]!.AsArray().Add(Json($$$"""{"role":"user","content":[{"type":"tool_result","tool_use_id":"{{{use}}}","content":"sunny"}]}"""));
                break;
            default:
                var content = said["candidates"]![0]!["content"]!.DeepClone();
                var id = content["parts"]!.AsArray().Single(p => p!["functionCall"] is not null)!["functionCall"]!["id"];
                body["contents"]!.AsArray().Add(content);
                body["contents"]!.AsArray().Add(Json(
                    $$$$"""{"role":"user","parts":[{"functionResponse":{{{{{(id is null ? "" : $"\"id\":\"{id}\",")}}}}"name":"weather","response":{"result":"sunny"}}}]}"""));
                break;
        }

        return new ProtocolClient(protocol).Ask(model, tools: true, extra: body.ToJsonString());
    }

    private static JsonNode Json(string text) => JsonNode.Parse(text)!;
}
