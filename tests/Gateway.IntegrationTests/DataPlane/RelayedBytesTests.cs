using System.Text;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream.Control;

namespace AIHigress.Gateway.IntegrationTests.DataPlane;

/// <summary>What the upstream receives and what the client gets back: the other side's bytes, but for what must be spliced.</summary>
public sealed class RelayedBytesTests(SharedWorlds worlds) : ChatTests(worlds)
{
    private const string InsertedUsage = "\"stream_options\":{\"include_usage\":true},";

    public static TheoryData<string> OddBodies =>
    [
        """{"model":"odd","messages":[{"role":"user","content":"plain"}]}""",
        "  {\r\n\t\"temperature\" : 1.00000000000000000000001 ,\n\"n\":1e0,\"seed\":-0,\"big\":123456789012345678901234567890,\"huge\":1E400 , \"model\" :\t\"odd\" ,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]\n}\n \t",
        """{"messages":[{"role":"user","content":"h\u00e9llo \/ \ud83d\ude00 \u0000 é 😀 \"quoted\\\""}],"model":"o\u0064d","user":"\u0075"}""",
        """{"unknown":{"model":"not this one","stream":[true,{"stream_options":null}]},"model":"odd","x-other":[[],{},"",null,false],"messages":[{"role":"user","content":[{"type":"text","text":"parts"}],"name":"n"}]}""",
        """{"Model_":1,"messages":[{"role":"user","content":"last"}],"metadata":{"a":"b"},"logit_bias":{"50256":-100},"model":"odd"}""",
    ];

    [Theory]
    [MemberData(nameof(OddBodies))]
    public async Task Plain_OddBody_ReachesTheUpstreamWithNothingButAnotherModel(string body)
    {
        var received = await SendAndFindAsync(body);

        Assert.Equal(Respelled(body), Encoding.UTF8.GetString(received.BodyBase64));
    }

    [Theory]
    [MemberData(nameof(OddBodies))]
    public async Task Stream_OddBody_ReachesTheUpstreamWithAnotherModelAndUsageAsked(string body)
    {
        var at = body.IndexOf('{', StringComparison.Ordinal) + 1;
        var received = await SendAndFindAsync(body.Insert(at, "\"stream\":true,"));

        Assert.Equal(Respelled(body).Insert(at, InsertedUsage + "\"stream\":true,"), Encoding.UTF8.GetString(received.BodyBase64));
    }

    [Theory]
    [InlineData("null", "{\"include_usage\":true}")]
    [InlineData("{}", "{\"include_usage\":true}")]
    [InlineData("{ \"include_usage\" : false }", "{ \"include_usage\" : true }")]
    [InlineData("{\"include_obfuscation\":false}", "{\"include_usage\":true,\"include_obfuscation\":false}")]
    [InlineData("{\"include_usage\":true}", "{\"include_usage\":true}")]
    public async Task Stream_OwnStreamOptions_AreKeptAndCompleted(string sent, string expected)
    {
        var body = """{"model":"odd","stream":true,"stream_options":OPTIONS,"messages":[{"role":"user","content":"x"}]}""";

        var received = await SendAndFindAsync(body.Replace("OPTIONS", sent, StringComparison.Ordinal));

        Assert.Equal(Respelled(body).Replace("OPTIONS", expected, StringComparison.Ordinal), received.BodyText);
    }

    [Fact]
    public async Task Plain_UpstreamModelOfTheSameName_ReceivesTheVeryBytes()
    {
        const string body = """{ "model":"same-name" , "messages":[{"role":"user","content":"x"}] , "a":1.0 }""";

        Assert.Equal(body, (await SendAndFindAsync(body, "same-name")).BodyText);
    }

    [Fact]
    public async Task Plain_Answer_ReachesTheClientByteForByte()
    {
        using var direct = new ChatClient(World.Mock.BaseAddress.AbsoluteUri, key: null);
        var upstream = await direct.AskAsync("mock-ok");

        var reply = await World.Client.AskAsync("plain");

        var (theirs, ours) = (upstream.Json.GetProperty("id").GetString()!, reply.Json.GetProperty("id").GetString()!);
        Assert.Equal(upstream.Body.Replace(theirs, "id", StringComparison.Ordinal), reply.Body.Replace(ours, "id", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Headers_ToTheUpstream_AreOnlyTheGatewaysOwn()
    {
        var marker = $"headers {Guid.NewGuid()}";
        await World.Client.SendAsync(
            $$"""{"model":"headers","messages":[{"role":"user","content":"{{marker}}"}]}""",
            ("Cookie", "session=secret"), ("X-Forwarded-For", "10.9.8.7"), ("Forwarded", "for=10.9.8.7"), ("X-Api-Key", "another"), ("X-Title", "tests"),
            ("X-Route-Strategy", "priority"), ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), ("Accept-Language", "tlh"));

        var received = Assert.Single(await World.Mock.Control.RequestsAsync("mock-set-cookie+hop-headers+ratelimit-headers"), r => r.BodyText.Contains(marker, StringComparison.Ordinal));
        Assert.Equal(
            ["accept", "authorization", "content-length", "content-type", "host", "user-agent"],
            received.Headers.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("Bearer " + GatewayDeclaration.SecretOf(ChatWorld.ProviderOf("headers")), received.Headers["authorization"]);
        Assert.Equal("application/json", received.Headers["content-type"]);
    }

    [Fact]
    public async Task Headers_FromTheUpstream_PassOnlyItsRequestId()
    {
        var reply = await World.Client.AskAsync("headers");

        Assert.StartsWith("req_up_", reply.Headers["X-Upstream-Request-Id"], StringComparison.Ordinal);
        Assert.DoesNotContain("Set-Cookie", reply.Headers.Keys);
        Assert.DoesNotContain(reply.Headers.Keys, name => name.Contains("ratelimit", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("Keep-Alive", reply.Headers.Keys);
        Assert.DoesNotContain("Proxy-Authenticate", reply.Headers.Keys);
    }

    private static string Respelled(string body) => body
        .Replace("\"odd\"", "\"odd-upstream-model\"", StringComparison.Ordinal)
        .Replace("\"o\\u0064d\"", "\"odd-upstream-model\"", StringComparison.Ordinal);

    private async Task<RecordedRequest> SendAndFindAsync(string body, string upstreamModel = "odd-upstream-model")
    {
        var reply = await World.Client.SendAsync(body);

        Assert.Equal(200, reply.Status);
        var id = reply.Headers["X-Upstream-Request-Id"];
        var order = long.Parse(id[(id.LastIndexOf('_') + 1)..]);
        return (await World.Mock.Control.RequestsAsync(upstreamModel)).Single(r => r.Order == order);
    }
}
