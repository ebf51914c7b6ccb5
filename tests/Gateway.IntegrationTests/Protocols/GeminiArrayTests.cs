using System.Text;
using System.Text.Json;
using AIHigress.Gateway.IntegrationTests.Kit;

namespace AIHigress.Gateway.IntegrationTests.Protocols;

/// <summary>Google's stream without <c>alt=sse</c>: the elements of one JSON array, whatever the upstream speaks.</summary>
public sealed class GeminiArrayTests(SharedWorlds worlds) : ProtocolTests(worlds)
{
    public static TheoryData<string> Kinds => [.. ProtocolWorld.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Array_AnyKind_ElementsArriveOneByOneAndItCloses(string kind)
    {
        var model = "array-over-" + kind;
        using var http = new HttpClient { BaseAddress = new Uri(World.Gateway.Address), Timeout = TestKit.Timeouts.Wait };
        using var request = Request(model);
        request.Headers.Add("x-goog-api-key", GatewaySite.Key);
        var opening = http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        var seen = new StringBuilder();
        Stream? body = null;
        foreach (var word in (string[])["token1", "token2", "token3", "token4"])
        {
            // One event at a time, until the word is there; it may not come with another one.
            while (!seen.ToString().Contains(word, StringComparison.Ordinal))
            {
                var sent = (await World.Mock.Control.WaitForGateAsync(model, minWaiting: 1)).Sent;
                await World.Mock.Control.ReleaseAsync(model);
                await World.Mock.Control.WaitForGateAsync(model, minSent: sent + 1, minWaiting: 1);
                if (await HasWordAsync(kind, sent + 1, word))
                {
                    body ??= await (await opening).Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
                    await ReadUntilAsync(body, seen, word);
                }
            }

            Assert.DoesNotContain("token" + (word[^1] - '0' + 1), seen.ToString(), StringComparison.Ordinal);
        }

        await World.Mock.Control.ReleaseAsync(model, 100);
        using var rest = new StreamReader(body!);
        seen.Append(await rest.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Equal("application/json", (await opening).Content.Headers.ContentType?.MediaType);
        using var array = JsonDocument.Parse(seen.ToString());
        Assert.Equal("token1 token2 token3 token4", TextOf(array.RootElement));
        var last = array.RootElement.EnumerateArray().Last();
        Assert.Equal("STOP", last.GetProperty("candidates")[0].GetProperty("finishReason").GetString());
        Assert.True(last.GetProperty("usageMetadata").GetProperty("totalTokenCount").GetInt32() > 0);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Array_UpstreamBreaks_ErrorIsAnElementAndItCloses(string kind)
    {
        foreach (var behaviour in new[] { "breaks", "cut" })
        {
            var reply = await World.Client.SendAsync(Request(ProtocolWorld.ModelOf(behaviour, kind)));

            Assert.Equal(200, reply.Status);
            using var array = JsonDocument.Parse(reply.Body);
            Assert.StartsWith("token1", TextOf(array.RootElement), StringComparison.Ordinal);
            var error = array.RootElement.EnumerateArray().Last().GetProperty("error");
            Assert.Equal(502, error.GetProperty("code").GetInt32());
            Assert.Equal("upstream_failed", (await World.Logs.OneAsync(reply.RequestId)).ErrorCode);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Array_RefusedBeforeItBegins_IsAnOrdinaryError(string kind)
    {
        var reply = await World.Client.SendAsync(Request(ProtocolWorld.ModelOf("rejects", kind)));

        Assert.Equal((400, "INVALID_ARGUMENT"), (reply.Status, reply.Error.GetProperty("status").GetString()));
    }

    private static HttpRequestMessage Request(string model) => new ProtocolClient("gemini").Post(
        $"/v1beta/models/{model}:streamGenerateContent", """{"contents":[{"role":"user","parts":[{"text":"Say something."}]}]}""");

    private static string TextOf(JsonElement array) => string.Concat(array.EnumerateArray()
        .Where(e => e.TryGetProperty("candidates", out _))
        .SelectMany(e => e.GetProperty("candidates")[0].TryGetProperty("content", out var content) && content.TryGetProperty("parts", out var parts) ? parts.EnumerateArray().ToArray() : [])
        .Select(p => p.TryGetProperty("text", out var text) ? text.GetString() : ""));

    /// <summary>Whether the upstream's own event of that number (from 1) carries the word.</summary>
    private async Task<bool> HasWordAsync(string kind, int number, string word)
    {
        var own = new ProtocolClient(kind switch { "openai" => "chat", "openai_responses" => "responses", "anthropic" => "messages", _ => "gemini" });
        using var http = new HttpClient();
        using var request = own.AskDirect(World.Mock.BaseAddress, "open-array-over-" + kind, tools: false);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var events = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(e => e.Contains("data:", StringComparison.Ordinal)).ToArray();
        return number <= events.Length && events[number - 1].Contains(word, StringComparison.Ordinal);
    }

    private static async Task ReadUntilAsync(Stream body, StringBuilder seen, string word)
    {
        var buffer = new byte[4096];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TestKit.Timeouts.Wait);
        while (!seen.ToString().Contains(word, StringComparison.Ordinal))
        {
            var read = await body.ReadAsync(buffer, limit.Token);
            Assert.True(read > 0, $"The array ended before '{word}': {seen}");
            seen.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
    }
}
