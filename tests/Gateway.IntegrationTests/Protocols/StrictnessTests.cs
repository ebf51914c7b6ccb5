using System.Text.Json.Nodes;

namespace AIHigress.Gateway.IntegrationTests.Protocols;

/// <summary>What conversion would drop is named or refused, and what is ambiguous or unknown is refused; over every client protocol.</summary>
public sealed class StrictnessTests(SharedWorlds worlds) : ProtocolTests(worlds)
{
    /// <summary>A hint of each client protocol that some kind has no word for.</summary>
    public static TheoryData<string, string, string, string> Hints => new()
    {
        { "chat", "gemini", """{"logit_bias":{"5":1}}""", "logit_bias" },
        { "responses", "openai", """{"truncation":"auto"}""", "truncation" },
        { "messages", "openai", """{"top_k":5}""", "top_k" },
        { "gemini", "anthropic", """{"safetySettings":[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"BLOCK_NONE"}]}""", "safetySettings" },
    };

    /// <summary>A part that no protocol has.</summary>
    private static readonly Dictionary<string, string> UnknownParts = new()
    {
        ["chat"] = """{"messages":[{"role":"user","content":[{"type":"smell","smell":"rose"}]}]}""",
        ["responses"] = """{"store":false,"input":[{"role":"user","content":[{"type":"input_smell","smell":"rose"}]}]}""",
        ["messages"] = """{"max_tokens":10,"messages":[{"role":"user","content":[{"type":"smell","smell":"rose"}]}]}""",
        ["gemini"] = """{"contents":[{"role":"user","parts":[{"smell":{"of":"rose"}}]}]}""",
    };

    /// <summary>A member twice, at the top and inside.</summary>
    private static readonly Dictionary<string, string[]> Duplicates = new()
    {
        ["chat"] =
        [
            """{"model":"M","messages":[{"role":"user","content":"a"}],"temperature":0.1,"temperature":0.2}""",
            """{"model":"M","messages":[{"role":"user","content":"a","content":"b"}]}""",
        ],
        ["responses"] =
        [
            """{"model":"M","store":false,"input":"a","temperature":0.1,"temperature":0.2}""",
            """{"model":"M","store":false,"input":[{"role":"user","content":"a","content":"b"}]}""",
        ],
        ["messages"] =
        [
            """{"model":"M","max_tokens":10,"messages":[{"role":"user","content":"a"}],"temperature":0.1,"temperature":0.2}""",
            """{"model":"M","max_tokens":10,"messages":[{"role":"user","content":"a","content":"b"}]}""",
        ],
        ["gemini"] =
        [
            """{"contents":[{"parts":[{"text":"a"}]}],"generationConfig":{},"generationConfig":{"topK":1}}""",
            """{"contents":[{"parts":[{"text":"a","text":"b"}]}]}""",
        ],
    };

    [Theory]
    [MemberData(nameof(Hints))]
    public async Task Hint_AnyClient_IsNamedOrRefusedWhenStrict(string protocol, string kind, string extra, string name)
    {
        var client = new ProtocolClient(protocol);
        var model = "plain-over-" + kind;
        using var strictly = client.Ask(model, extra: extra);
        strictly.Headers.Add("X-Strict", "true");
        using var strictlyWithout = client.Ask(model);
        strictlyWithout.Headers.Add("X-Strict", "true");

        var loose = await World.Client.SendAsync(client.Ask(model, extra: extra));
        var streamed = await World.Client.SendAsync(client.Ask(model, stream: true, extra: extra));
        var strict = await World.Client.SendAsync(strictly);

        Assert.Equal((200, name), (loose.Status, loose.Headers.GetValueOrDefault("X-Dropped-Params")));
        Assert.Equal((200, name), (streamed.Status, streamed.Headers.GetValueOrDefault("X-Dropped-Params")));
        Assert.Equal(400, strict.Status);
        Assert.Contains(name, strict.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("unsupported_by_upstream", (await World.Logs.OneAsync(strict.RequestId)).ErrorCode);
        Assert.Equal(200, (await World.Client.SendAsync(strictlyWithout)).Status);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Strict_OtherValue_Is400(string protocol)
    {
        using var request = new ProtocolClient(protocol).Ask("plain-over-openai");
        request.Headers.Add("X-Strict", "maybe");

        var reply = await World.Client.SendAsync(request);

        Assert.Equal(400, reply.Status);
        Assert.Contains("X-Strict", reply.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task DuplicateMember_ConvertedPair_IsRefused(string protocol, string kind)
    {
        if (Own(protocol) == kind)
        {
            return;
        }

        var client = new ProtocolClient(protocol);
        foreach (var body in Duplicates[protocol])
        {
            var model = "plain-over-" + kind;
            var path = protocol == "gemini" ? $"/v1beta/models/{model}:generateContent" : client.Path;

            var reply = await World.Client.SendAsync(client.Post(path, body.Replace("\"M\"", $"\"{model}\"", StringComparison.Ordinal)));

            Assert.True(reply.Status == 400, $"{body}: {reply.Status} {reply.Body}");
            Assert.Equal(client.Protocol is "gemini" ? "INVALID_ARGUMENT" : "invalid_request_error", reply.Error.GetProperty(protocol == "gemini" ? "status" : "type").GetString());
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task UnknownPart_ConvertedPair_IsUnsupported(string protocol, string kind)
    {
        if (Own(protocol) == kind)
        {
            return;
        }

        var reply = await World.Client.SendAsync(new ProtocolClient(protocol).PostTo("plain-over-" + kind, JsonNode.Parse(UnknownParts[protocol])!.ToJsonString()));

        Assert.True(reply.Status == 400, reply.Body);
        Assert.Equal("unsupported_by_upstream", (await World.Logs.OneAsync(reply.RequestId)).ErrorCode);
    }

    private static string Own(string protocol) => protocol switch { "chat" => "openai", "responses" => "openai_responses", "messages" => "anthropic", _ => "gemini" };
}
