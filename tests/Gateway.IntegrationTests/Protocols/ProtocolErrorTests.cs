using System.Text;
using System.Text.Json;
using AIHigress.Gateway.IntegrationTests.Kit;

namespace AIHigress.Gateway.IntegrationTests.Protocols;

/// <summary>Refusals and failures come in the client protocol's own shape, with a stable code.</summary>
public sealed class ProtocolErrorTests(SharedWorlds worlds) : ProtocolTests(worlds)
{
    [Theory]
    [MemberData(nameof(Clients))]
    public async Task UnknownKey_AnyProtocol_Is401InItsShape(string protocol)
    {
        using var stranger = new ChatClient(World.Gateway.Address, "sk-nobody-has-this-key-0123456789");

        var reply = await stranger.SendAsync(new ProtocolClient(protocol).Ask("text-over-openai"));

        AssertError(protocol, reply, 401, protocol switch { "gemini" => "UNAUTHENTICATED", _ => "authentication_error" }, "not valid");
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task UnknownModel_AnyProtocol_Is404InItsShape(string protocol)
    {
        var reply = await World.Client.SendAsync(new ProtocolClient(protocol).Ask("no-such-model"));

        AssertError(protocol, reply, 404, protocol switch { "gemini" => "NOT_FOUND", "messages" => "not_found_error", _ => "invalid_request_error" }, "no-such-model");
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task BadJson_AnyProtocol_Is400SayingWhere(string protocol)
    {
        var client = new ProtocolClient(protocol);
        using var good = client.Ask("text-over-openai");
        using var request = client.Post(good.RequestUri!.OriginalString, "{\"model\":\"text-over-openai\",,}");

        var reply = await World.Client.SendAsync(request);

        AssertError(protocol, reply, 400, protocol == "gemini" ? "INVALID_ARGUMENT" : "invalid_request_error", "byte 28");
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task UpstreamRejects_AnyPair_ItsWordsArrive(string protocol, string kind)
    {
        foreach (var stream in new[] { false, true })
        {
            var reply = await World.Client.SendAsync(new ProtocolClient(protocol).Ask(ProtocolWorld.ModelOf("rejects", kind), stream));

            AssertError(protocol, reply, 400, protocol == "gemini" ? "INVALID_ARGUMENT" : "invalid_request_error", "longer than this model can read");
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task UpstreamLimited_AnyPair_Is429WithRetryAfter(string protocol, string kind)
    {
        var reply = await World.Client.SendAsync(new ProtocolClient(protocol).Ask(ProtocolWorld.ModelOf("limited", kind)));

        // The first finds the limit; from then on the key rests.
        Assert.True(reply.Status is 429 or 503, reply.Body);
        Assert.True(reply.Headers.ContainsKey("Retry-After"));
    }

    [Fact]
    public async Task GoogleKeyInTheQuery_GeminiOnly_IsTaken()
    {
        using var http = new HttpClient { BaseAddress = new Uri(World.Gateway.Address) };
        using var gemini = new ProtocolClient("gemini").Ask("text-over-openai");
        gemini.RequestUri = new Uri($"{gemini.RequestUri!.OriginalString}?key={GatewaySite.Key}", UriKind.Relative);
        using var chat = new ProtocolClient("chat").Ask("text-over-openai");
        chat.RequestUri = new Uri($"/v1/chat/completions?key={GatewaySite.Key}", UriKind.Relative);

        Assert.Equal(200, (int)(await http.SendAsync(gemini, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(401, (int)(await http.SendAsync(chat, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData("/v1beta/models/x:embedContent")]
    [InlineData("/v1beta/nothing")]
    public async Task UnknownGeminiMethod_IsGooglesNotFound(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent("{}", Encoding.UTF8, "application/json") };

        AssertError("gemini", await World.Client.SendAsync(request), 404, "NOT_FOUND", "no such endpoint");
    }

    private static void AssertError(string protocol, ChatReply reply, int status, string type, string words)
    {
        Assert.True(status == reply.Status, reply.Body);
        using var body = JsonDocument.Parse(reply.Body);
        var error = body.RootElement.GetProperty("error");
        Assert.Contains(words, error.GetProperty("message").GetString(), StringComparison.OrdinalIgnoreCase);
        switch (protocol)
        {
            case "gemini":
                Assert.Equal((status, type), (error.GetProperty("code").GetInt32(), error.GetProperty("status").GetString()));
                break;
            case "messages":
                Assert.Equal(("error", type), (body.RootElement.GetProperty("type").GetString(), error.GetProperty("type").GetString()));
                Assert.Equal(reply.Headers["X-Request-Id"], body.RootElement.GetProperty("request_id").GetString());
                break;
            default:
                Assert.Equal(type, error.GetProperty("type").GetString());
                Assert.Equal(JsonValueKind.String, error.GetProperty("code").ValueKind);
                break;
        }
    }
}
