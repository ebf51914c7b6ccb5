using System.Text.Json;
using AIHigress.Gateway.IntegrationTests.Kit;

namespace AIHigress.Gateway.IntegrationTests.DataPlane;

/// <summary>The mock sends an event only when told: a client that has each one before the next is released has a true stream.</summary>
public sealed class StreamingTests(SharedWorlds worlds) : ChatTests(worlds)
{
    private const int MostTries = 20;

    private const string TwoTools = """
        ,"tools":[{"type":"function","function":{"name":"first"}},{"type":"function","function":{"name":"second"}}]
        """;

    [Theory]
    [InlineData("gated-text", "text", "")]
    [InlineData("gated-tools", "tools", TwoTools)]
    public async Task Stream_UpstreamSendsOneByOne_ClientHasEachBeforeTheNext(string model, string gate, string extra)
    {
        // The role chunk is held; nothing is to be seen until the first content stands behind it.
        await World.Mock.Control.ReleaseAsync(gate, 2);
        using var response = await World.Client.OpenAsync(ChatClient.Body(model, stream: true, extra), CancellationToken.None);
        await using var body = await response.Content.ReadAsStreamAsync();
        var events = ChatClient.EventsAsync(body).GetAsyncEnumerator();
        Assert.Equal(["role", "content"], [Kind(await NextAsync(events)), Kind(await NextAsync(events))]);

        var sent = 2;
        string last;
        do
        {
            var before = await World.Mock.Control.WaitForGateAsync(gate, sent, minWaiting: 1);
            Assert.Equal(sent, before.Sent);
            await World.Mock.Control.ReleaseAsync(gate);
            last = await NextAsync(events);
            sent++;
        }
        while (Kind(last) != "finish");

        Assert.True(sent >= 8, $"{sent} events came one by one");
        // The usage chunk that only the gateway asked for; nothing else can come, so the upstream's end mark is not waited for.
        await World.Mock.Control.ReleaseAsync(gate);
        Assert.Equal("[DONE]", await NextAsync(events));
        Assert.False(await events.MoveNextAsync());
        Assert.Equal(sent + 1, (await World.Mock.Control.WaitForGateAsync(gate, sent + 1)).Sent);
        await World.Mock.Control.ReleaseAsync(gate);
    }

    [Fact]
    public async Task Stream_Over_ItsConnectionServesAgain()
    {
        // Whether the next request comes before the end has been read is a matter of microseconds: once in a few tries it does not.
        const string upstream = "mock-gate=again+chunks=2";
        for (var i = 0; i < MostTries; i++)
        {
            // All but the upstream's end mark, which comes when the client has its own.
            await World.Mock.Control.ReleaseAsync("again", 5);
            await World.Client.AskAsync("gated-again", stream: true);
            await World.Mock.Control.ReleaseAsync("again");
            await World.Mock.Control.WaitForGateAsync("again", 6 * (i + 1));
            await World.Client.AskAsync("plain");
            var requests = await World.Mock.Control.RequestsAsync();
            var stream = requests.Last(r => r.Model == upstream);
            if (requests.Any(r => r.Connection == stream.Connection && r.Order > stream.Order))
            {
                return;
            }
        }

        Assert.Fail($"None of {MostTries} connections served a second request.");
    }

    [Fact]
    public async Task Stream_UsageNotAskedFor_IsHeldBackAndAccounted()
    {
        var reply = await AskThroughGateAsync("gated-usage", "usage", "");

        Assert.DoesNotContain(reply.Events.SkipLast(1), e => e.Contains("\"usage\":{", StringComparison.Ordinal));
        Assert.Equal(["role", "content", "content", "finish", "done"], reply.Events.Select(Kind));
        var row = await World.Logs.OneAsync(reply.RequestId);
        Assert.Equal((2, false, true), (row.OutputTokens, row.TokensEstimated, row.Ok));
    }

    [Fact]
    public async Task Stream_UsageAskedFor_IsPassedOn()
    {
        var reply = await AskThroughGateAsync("gated-asked-usage", "asked-usage", ""","stream_options":{"include_usage":true}""");

        Assert.Equal(["role", "content", "content", "finish", "usage", "done"], reply.Events.Select(Kind));
        Assert.Equal(2, (await World.Logs.OneAsync(reply.RequestId)).OutputTokens);
    }

    [Fact]
    public async Task Stream_UsageDeclined_IsHeldBack()
    {
        var reply = await World.Client.AskAsync("plain", stream: true, extra: ""","stream_options":{"include_usage":false}""");

        Assert.DoesNotContain("usage", reply.Events.Select(Kind));
        Assert.False((await World.Logs.OneAsync(reply.RequestId)).TokensEstimated);
    }

    [Fact]
    public async Task Stream_AskedForByAcceptAlone_Streams()
    {
        var reply = await World.Client.SendAsync(ChatClient.Body("plain"), ("Accept", "text/event-stream"));

        Assert.StartsWith("text/event-stream", reply.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.True((await World.Logs.OneAsync(reply.RequestId)).Stream);
    }

    [Fact]
    public async Task Stream_Answered_HasTheHeadersOfAStream()
    {
        var reply = await World.Client.AskAsync("plain", stream: true);

        Assert.Equal("text/event-stream", reply.Headers["Content-Type"]);
        Assert.Equal("no-cache", reply.Headers["Cache-Control"]);
        Assert.Equal("no", reply.Headers["X-Accel-Buffering"]);
        Assert.Equal("up-plain/mock-ok", reply.ServedBy);
        Assert.Equal("1", reply.Attempts);
        Assert.StartsWith("req_up_", reply.Headers["X-Upstream-Request-Id"], StringComparison.Ordinal);
    }

    private async Task<ChatReply> AskThroughGateAsync(string model, string gate, string extra)
    {
        await World.Mock.Control.ReleaseAsync(gate, 6);
        return await World.Client.AskAsync(model, stream: true, extra);
    }

    private static async Task<string> NextAsync(IAsyncEnumerator<string> events) =>
        await events.MoveNextAsync() ? events.Current : throw new InvalidOperationException("The stream has ended.");

    private static string Kind(string data)
    {
        if (data == "[DONE]")
        {
            return "done";
        }

        using var json = JsonDocument.Parse(data);
        var choices = json.RootElement.GetProperty("choices");
        if (choices.GetArrayLength() == 0)
        {
            return "usage";
        }

        var choice = choices[0];
        return choice.GetProperty("finish_reason").ValueKind == JsonValueKind.String ? "finish"
            : choice.GetProperty("delta").TryGetProperty("role", out _) ? "role"
            : "content";
    }
}
