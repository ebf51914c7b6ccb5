using System.Text.Json;
using AIHigress.MockUpstream;
using AIHigress.MockUpstream.Scripting;

namespace AIHigress.Gateway.UnitTests.MockUpstream;

/// <summary>The mock speaks Google's protocol; there is no client of Google's for .NET to hold it to.</summary>
public sealed class GeminiTests : ProtocolFixture
{
    private const string Tools = ""","tools":[{"functionDeclarations":[{"name":"first"},{"name":"second"}]}]""";

    protected override MockUpstreamOptions Options => new() { ApiKeys = ["AIza"], Models = ["alpha", "beta", "gamma"] };

    [Fact]
    public async Task Models_InPages_AreListed()
    {
        var first = await JsonAsync(Get("v1beta/models?pageSize=2&key=AIza"));
        var second = await JsonAsync(Get($"v1beta/models?pageSize=2&pageToken={first.GetProperty("nextPageToken").GetString()}&key=AIza"));

        Assert.Equal(["models/alpha", "models/beta"], first.GetProperty("models").EnumerateArray().Select(m => m.GetProperty("name").GetString()));
        Assert.Equal("models/gamma", second.GetProperty("models")[0].GetProperty("name").GetString());
        Assert.False(second.TryGetProperty("nextPageToken", out _));
        Assert.Equal("models/beta", (await JsonAsync(Get("v1beta/models/beta?key=AIza"))).GetProperty("name").GetString());
        Assert.Equal(404, (await RefusalAsync(Get("v1beta/models/delta?key=AIza"))).Status);
    }

    [Fact]
    public async Task Generate_Key_IsTakenFromHeaderOrQuery()
    {
        Assert.Equal(403, (await RefusalAsync(Ask(Gemini, "alpha", stream: false))).Status);
        Assert.Equal((400, "API key not valid. Please pass a valid API key."), await RefusalAsync(WithKey(Ask(Gemini, "alpha", stream: false), "other")));
        Assert.Equal(200, (await RefusalAsync(WithKey(Ask(Gemini, "alpha", stream: false)))).Status);
        Assert.Equal("AIza", Mock.Requests()[^1].Key);
        Assert.Equal(("alpha", 200), (Mock.Requests()[^1].Model, (await RefusalAsync(Post(Gemini, "v1beta/models/alpha:generateContent?key=AIza", """{"contents":[{"parts":[{"text":"hello"}]}]}"""))).Status));
    }

    [Fact]
    public async Task Generate_ThinkingAndText_AreParts()
    {
        var answer = await JsonAsync(WithKey(Ask(Gemini, "mock-reasoning=2+prompt-tokens=100+cached-tokens=60", stream: false)));

        var parts = Parts(answer);
        Assert.Equal(("thought1 thought2", true), (parts[0].GetProperty("text").GetString(), parts[0].GetProperty("thought").GetBoolean()));
        Assert.NotEmpty(parts[0].GetProperty("thoughtSignature").GetString()!);
        Assert.Equal(Words.Text(new Behaviour()), parts[1].GetProperty("text").GetString());
        Assert.Equal("STOP", answer.GetProperty("candidates")[0].GetProperty("finishReason").GetString());
        Assert.Equal([100, 60, 8, 2, 110], Counts(answer, "promptTokenCount", "cachedContentTokenCount", "candidatesTokenCount", "thoughtsTokenCount", "totalTokenCount"));
    }

    [Theory]
    [InlineData(Gemini)]
    [InlineData(GeminiArray)]
    public async Task Stream_ThinkingAndText_ComeChunkByChunk(string protocol)
    {
        var chunks = await ChunksAsync(protocol, "mock-reasoning=2+chunks=3");

        var parts = chunks.Select(chunk => Parts(chunk).Single()).ToArray();
        Assert.Equal("thought1 thought2", string.Concat(parts.Where(p => p.TryGetProperty("thought", out _)).Select(p => p.GetProperty("text").GetString())));
        Assert.Equal("token1 token2 token3", string.Concat(parts.Where(p => !p.TryGetProperty("thought", out _)).Select(p => p.GetProperty("text").GetString())));
        Assert.Equal([false, true], parts.Take(2).Select(p => p.TryGetProperty("thoughtSignature", out _)));
        Assert.Equal(6, chunks.Count);
        Assert.Equal("STOP", chunks[^1].GetProperty("candidates")[0].GetProperty("finishReason").GetString());
        Assert.Equal([3, 2], Counts(chunks[^1], "candidatesTokenCount", "thoughtsTokenCount"));
    }

    [Fact]
    public async Task Stream_Tools_ComeWholeInOneChunkEach()
    {
        var calls = (await ChunksAsync(Gemini, "mock-tools=2+reasoning", Tools))
            .Select(chunk => Parts(chunk).Single()).Where(p => p.TryGetProperty("functionCall", out _)).ToArray();

        Assert.Equal(["first", "second"], calls.Select(c => c.GetProperty("functionCall").GetProperty("name").GetString()));
        Assert.Equal(["city1", "city2"], calls.Select(c => c.GetProperty("functionCall").GetProperty("args").GetProperty("city").GetString()));
        Assert.Equal([true, false], calls.Select(c => c.TryGetProperty("thoughtSignature", out _)));
    }

    [Fact]
    public async Task Generate_ToolLoop_EndsAfterToolResult()
    {
        var call = Parts(await JsonAsync(WithKey(Ask(Gemini, "mock-tools+reasoning", stream: false, Tools))));
        const string Result = """{"role":"user","parts":[{"functionResponse":{"name":"first","response":{"weather":"sunny"}}}]}""";
        var contents = $$"""[{"role":"user","parts":[{"text":"hello"}]},{"role":"model","parts":[{{call[0]}},{{call[1]}}]},{{Result}}]""";

        var answer = await JsonAsync(WithKey(Post(Gemini, "v1beta/models/mock-tools+reasoning:generateContent", $$"""{"contents":{{contents}}{{Tools}}}""")));

        Assert.StartsWith("token1", Parts(answer)[1].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generate_Limit_StopsForIt()
    {
        var answer = await JsonAsync(WithKey(Ask(Gemini, "alpha", stream: false, ""","generationConfig":{"maxOutputTokens":3}""")));

        Assert.Equal("token1 token2 token3", Parts(answer)[0].GetProperty("text").GetString());
        Assert.Equal("MAX_TOKENS", answer.GetProperty("candidates")[0].GetProperty("finishReason").GetString());
    }

    [Fact]
    public async Task Generate_Refusal_BlocksThePrompt()
    {
        var answer = await JsonAsync(WithKey(Ask(Gemini, "mock-refusal", stream: false)));

        Assert.Equal("SAFETY", answer.GetProperty("promptFeedback").GetProperty("blockReason").GetString());
        Assert.False(answer.TryGetProperty("candidates", out _));
    }

    [Fact]
    public async Task CountTokens_OfAsk_AreAQuarterOfItsBytes()
    {
        var count = await JsonAsync(WithKey(Post(Gemini, "v1beta/models/alpha:countTokens", """{"contents":[{"role":"user","parts":[{"text":"hello"}]}]}""")));

        Assert.Equal("""[{"role":"user","parts":[{"text":"hello"}]}]""".Length / 4, count.GetProperty("totalTokens").GetInt32());
    }

    [Fact]
    public async Task Stream_Errors_AreInItsShape()
    {
        var array = JsonSerializer.Deserialize<JsonElement>(await TextAsync(WithKey(Ask(GeminiArray, "mock-status=429+retry-after=3", stream: true))));
        var inside = await ChunksAsync(Gemini, "mock-error-after=2+error-status=503");

        Assert.Equal("RESOURCE_EXHAUSTED", array[0].GetProperty("error").GetProperty("status").GetString());
        Assert.Equal("3s", array[0].GetProperty("error").GetProperty("details")[0].GetProperty("retryDelay").GetString());
        Assert.Equal(3, inside.Count);
        Assert.Equal((503, "UNAVAILABLE"), (inside[^1].GetProperty("error").GetProperty("code").GetInt32(), inside[^1].GetProperty("error").GetProperty("status").GetString()));
    }

    private static HttpRequestMessage Get(string path) => new(HttpMethod.Get, path);

    private static HttpRequestMessage WithKey(HttpRequestMessage request, string key = "AIza")
    {
        request.Headers.Add("x-goog-api-key", key);
        return request;
    }

    private static JsonElement[] Parts(JsonElement answer) => [.. answer.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts").EnumerateArray()];

    private static int[] Counts(JsonElement answer, params string[] names) => [.. names.Select(name => answer.GetProperty("usageMetadata").GetProperty(name).GetInt32())];

    private async Task<List<JsonElement>> ChunksAsync(string protocol, string model, string more = "")
    {
        var text = await TextAsync(WithKey(Ask(protocol, model, stream: true, more)));
        return protocol == GeminiArray
            ? [.. JsonSerializer.Deserialize<JsonElement>(text).EnumerateArray()]
            : [.. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(e => JsonSerializer.Deserialize<JsonElement>(e["data: ".Length..]))];
    }
}
