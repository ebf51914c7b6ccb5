using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using AIHigress.Gateway.IntegrationTests.Kit;
using OpenAI;

namespace AIHigress.Gateway.IntegrationTests.Protocols;

/// <summary>OpenAI's embeddings pass as bytes over the two kinds that have them.</summary>
public sealed class EmbeddingsTests(SharedWorlds worlds) : ProtocolTests(worlds)
{
    private static readonly ProtocolClient OpenAI = new("chat");

    [Theory]
    [InlineData("openai")]
    [InlineData("openai_responses")]
    public async Task Embeddings_OpenAIKinds_PassAsBytesAndAreLogged(string kind)
    {
        var reply = await AskAsync("plain-over-" + kind, """["one", "two"]""", ""","dimensions":3,"user":"u-1" """);
        var direct = await DirectAsync("""["one", "two"]""", 3);

        Assert.Equal(200, reply.Status);
        Assert.Equal(direct, reply.Body);
        Assert.Equal(ProtocolWorld.SpareOf(kind) + "/mock-ok", reply.ServedBy);
        var row = await World.Logs.OneAsync(reply.RequestId);
        Assert.Equal(("openai_embeddings", "openai_embeddings", false), (row.Protocol, row.UpstreamProtocol, row.Stream));
        Assert.Equal((reply.Json.GetProperty("usage").GetProperty("prompt_tokens").GetInt64(), 0, false), (row.InputTokens, row.OutputTokens, row.TokensEstimated));
    }

    [Fact]
    public async Task Embeddings_UsageAbsent_InputIsCounted()
    {
        var reply = await AskAsync(ProtocolWorld.ModelOf("no-usage", "openai"), """["hello world"]""");

        var row = await World.Logs.OneAsync(reply.RequestId);
        Assert.True(row is { TokensEstimated: true, InputTokens: > 1, OutputTokens: 0 }, row.ToString());
    }

    [Theory]
    [InlineData("anthropic")]
    [InlineData("gemini")]
    public async Task Embeddings_OtherKinds_AreUnsupported(string kind)
    {
        var reply = await AskAsync("plain-over-" + kind, "\"one\"");

        Assert.Equal((400, "unsupported_by_upstream"), (reply.Status, reply.ErrorCode));
        Assert.Equal("unsupported_by_upstream", (await World.Logs.OneAsync(reply.RequestId)).ErrorCode);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("openai_responses")]
    public async Task Embeddings_FirstProviderFails_TheNextOneAnswers(string kind)
    {
        var reply = await AskAsync("failover-to-" + kind, "\"one\"");

        Assert.Equal((200, ProtocolWorld.SpareOf(kind) + "/mock-ok"), (reply.Status, reply.ServedBy));
        Assert.Equal("list", reply.Json.GetProperty("object").GetString());
    }

    [Fact]
    public async Task Embeddings_UpstreamRejects_ItsWordsArrive()
    {
        var reply = await AskAsync(ProtocolWorld.ModelOf("rejects", "openai"), "\"one\"");
        var empty = await AskAsync("plain-over-openai", "[]");

        Assert.Equal((400, "upstream_rejected"), (reply.Status, reply.ErrorCode));
        Assert.Contains("longer than this model can read", reply.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal((400, "upstream_rejected"), (empty.Status, empty.ErrorCode));
        Assert.Equal("input", empty.Error.GetProperty("param").GetString());
    }

    [Fact]
    public async Task Embeddings_AcceptsEventStream_StillOneAnswer()
    {
        using var request = OpenAI.Post("/v1/embeddings", """{"model":"plain-over-openai","input":"one"}""");
        request.Headers.Add("Accept", "text/event-stream");

        var reply = await World.Client.SendAsync(request);

        Assert.Equal((200, "application/json"), (reply.Status, reply.Headers["Content-Type"]));
    }

    [Fact]
    public async Task GenerateEmbeddings_StockClient_GetsTheVectors()
    {
        var client = new OpenAIClient(
            new ApiKeyCredential(GatewaySite.Key),
            new OpenAIClientOptions { Endpoint = new Uri(World.Gateway.Address + "/v1"), RetryPolicy = new ClientRetryPolicy(maxRetries: 0) });

        var answer = await client.GetEmbeddingClient("plain-over-openai").GenerateEmbeddingsAsync(["one", "two"], cancellationToken: TestContext.Current.CancellationToken);

        using var direct = JsonDocument.Parse(await DirectAsync("""["one","two"]""", 8));
        Assert.Equal(
            direct.RootElement.GetProperty("data").EnumerateArray().Select(d => string.Join(' ', d.GetProperty("embedding").EnumerateArray().Select(v => v.GetSingle()))),
            answer.Value.Select(e => string.Join(' ', e.ToFloats().ToArray())));
        Assert.True(answer.Value.Usage.InputTokenCount > 0);
    }

    private Task<ChatReply> AskAsync(string model, string input, string extra = "") =>
        World.Client.SendAsync(OpenAI.Post("/v1/embeddings", $$"""{"model":"{{model}}","input":{{input}}{{extra}}}"""));

    private async Task<string> DirectAsync(string input, int dimensions)
    {
        using var http = new HttpClient();
        using var request = OpenAI.Post("/v1/embeddings", $$"""{"model":"mock-ok","input":{{input}},"dimensions":{{dimensions}}}""");
        request.RequestUri = new Uri(World.Mock.BaseAddress, "/v1/embeddings");
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
