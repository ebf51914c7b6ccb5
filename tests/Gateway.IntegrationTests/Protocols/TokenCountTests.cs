using System.Text.Json;
using AIHigress.Gateway.IntegrationTests.Kit;

namespace AIHigress.Gateway.IntegrationTests.Protocols;

/// <summary>Anthropic's and Google's token counts over every kind of upstream: by its own counter where there is one, else by the tokenizer.</summary>
public sealed class TokenCountTests(SharedWorlds worlds) : ProtocolTests(worlds)
{
    public static TheoryData<string, string> Counts
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var kind in ProtocolWorld.Kinds)
            {
                pairs.Add("messages", kind);
                pairs.Add("gemini", kind);
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public async Task Count_KindWithACounter_TheUpstreamCounts(string protocol, string kind)
    {
        var reply = await AskAsync(protocol, "counted-over-" + kind, "hello world");

        Assert.Equal(200, reply.Status);
        Assert.Equal(kind is "anthropic" or "gemini", CountOf(protocol, reply) == 1234);
        Assert.Single(reply.Json.EnumerateObject());
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public async Task Count_CounterFails_TheTokenizerCounts(string protocol, string kind)
    {
        // "hello world" are two tokens of o200k_base; the role and the line ends are three more.
        var few = await AskAsync(protocol, "miscounted-over-" + kind, "hello world");
        var more = await AskAsync(protocol, "miscounted-over-" + kind, "hello world hello world");

        Assert.Equal((200, 200), (few.Status, more.Status));
        Assert.Equal(2, CountOf(protocol, more) - CountOf(protocol, few));
        Assert.InRange(CountOf(protocol, few), 3, 6);
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public async Task Count_Request_ReachesTheCounterWithoutWhatItRefuses(string protocol, string kind)
    {
        var model = $"count-{protocol}-over-{kind}";
        Assert.Equal(200, (await AskAsync(protocol, model, "hello world", whole: true)).Status);

        var asked = await World.Mock.Control.RequestsAsync(model);
        if (kind is "openai" or "openai_responses")
        {
            Assert.Empty(asked);
            return;
        }

        var request = Assert.Single(asked);
        Assert.EndsWith(kind == "anthropic" ? "/v1/messages/count_tokens" : $"/{model}:countTokens", request.Path, StringComparison.Ordinal);
        using var body = JsonDocument.Parse(request.BodyText);
        Assert.Contains("hello world", request.BodyText, StringComparison.Ordinal);
        Assert.Contains("Be brief.", request.BodyText, StringComparison.Ordinal);
        Assert.Contains("weather", request.BodyText, StringComparison.Ordinal);
        if (kind == "anthropic")
        {
            Assert.False(body.RootElement.TryGetProperty("max_tokens", out _), request.BodyText);
            Assert.False(body.RootElement.TryGetProperty("temperature", out _));
            Assert.False(body.RootElement.TryGetProperty("stream", out _));
        }
        else
        {
            Assert.True(body.RootElement.TryGetProperty("generateContentRequest", out var inner), request.BodyText);
            Assert.Equal("models/" + model, inner.GetProperty("model").GetString());
        }
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public async Task Count_Anywhere_ChargesNothing(string protocol, string kind)
    {
        var reply = await AskAsync(protocol, "counted-over-" + kind, "hello world");

        var row = await World.Logs.OneAsync(reply.RequestId);
        Assert.Equal((200, true, 0, 0, false), (row.Status, row.Ok, row.InputTokens, row.OutputTokens, row.TokensEstimated));
        Assert.Equal(protocol == "messages" ? "anthropic_messages" : "gemini", row.Protocol);
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public async Task Count_ModelOfAnotherKey_IsNotFound(string protocol, string kind)
    {
        using var narrow = new ChatClient(World.Gateway.Address, ProtocolModels.NarrowKey);

        var reply = await narrow.SendAsync(Request(protocol, "counted-over-" + kind, "hello world", whole: false));

        Assert.Equal(404, reply.Status);
        Assert.Contains("There is no model", reply.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gemini")]
    [InlineData("anthropic")]
    [InlineData("openai")]
    public async Task CountTokens_GeminisShortForm_IsCounted(string kind)
    {
        using var request = new ProtocolClient("gemini").Post($"/v1beta/models/miscounted-over-{kind}:countTokens", """{"contents":[{"parts":[{"text":"hello world"}]}]}""");

        var reply = await World.Client.SendAsync(request);

        Assert.Equal(200, reply.Status);
        Assert.InRange(CountOf("gemini", reply), 3, 6);
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public async Task Count_UnreadableBody_Is400(string protocol, string kind)
    {
        var path = protocol == "messages" ? "/v1/messages/count_tokens" : $"/v1beta/models/plain-over-{kind}:countTokens";
        var reply = await World.Client.SendAsync(new ProtocolClient(protocol).Post(path, $$"""{"model":"plain-over-{{kind}}","messages":7,"contents":7}"""));

        Assert.Equal(400, reply.Status);
    }

    private Task<ChatReply> AskAsync(string protocol, string model, string text, bool whole = false) => World.Client.SendAsync(Request(protocol, model, text, whole));

    private static HttpRequestMessage Request(string protocol, string model, string text, bool whole) => protocol == "messages"
        ? new ProtocolClient("messages").Post(
            "/v1/messages/count_tokens",
            $$"""{"model":"{{model}}","messages":[{"role":"user","content":"{{text}}"}]{{(whole ? ""","system":"Be brief.","tools":[{"name":"weather","input_schema":{"type":"object"}}]""" : "")}}}""")
        : new ProtocolClient("gemini").Post(
            $"/v1beta/models/{model}:countTokens",
            $$$"""{"generateContentRequest":{"model":"models/{{{model}}}","contents":[{"role":"user","parts":[{"text":"{{{text}}}"}]}]{{{(whole ? ""","systemInstruction":{"parts":[{"text":"Be brief."}]},"tools":[{"functionDeclarations":[{"name":"weather"}]}],"generationConfig":{"temperature":0.5,"maxOutputTokens":10}""" : "")}}}}}""");

    private static long CountOf(string protocol, ChatReply reply) =>
        reply.Json.GetProperty(protocol == "messages" ? "input_tokens" : "totalTokens").GetInt64();
}
