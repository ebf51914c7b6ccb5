using System.Globalization;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream.Scripting;

namespace AIHigress.Gateway.IntegrationTests.Attempts;

/// <summary>A second attempt beside one that is slow to speak: the faster wins, the other is ended and costs nobody anything.</summary>
public sealed class HedgeTests(SharedWorlds worlds) : AttemptTests(worlds)
{
    [Theory]
    [InlineData("hedged-stream", "mock-hang-after=1+chunks=7", true)]
    [InlineData("hedged-plain", "mock-hang-before-headers", false)]
    public async Task Chat_FirstIsSilent_TheSecondAnswersAndTheFirstIsEnded(string model, string slow, bool stream)
    {
        for (var round = 0; round < 4; round++)
        {
            var reply = await World.Client.AskAsync(model, stream, $",\"seed\":{round}");

            Assert.Equal((200, "healthy-openai/mock-ok", "2"), (reply.Status, reply.ServedBy, reply.Attempts));
            Assert.Equal(Words.Text(new Behaviour()), stream ? reply.StreamText : reply.PlainText);
            var row = await World.Logs.OneAsync(reply.RequestId);
            // Four times in a row: being overtaken opens no circuit.
            Assert.Equal([("poor-openai", "hedge_lost"), ("healthy-openai", "ok")], row.Attempts);
            Assert.Equal([null, "hedge"], row.OfAttempts("role"));
            Assert.Equal((8, false), (row.OutputTokens, row.TokensEstimated));
            Assert.InRange(int.Parse(row.OfAttempts("waste_input_tokens")[0]!, CultureInfo.InvariantCulture), 1, 1000);
            Assert.Null(row.OfAttempts("waste_input_tokens")[1]);
        }

        await EndedAsync(slow, 4);
    }

    [Fact]
    public async Task Chat_FirstSpeaksAfterAll_TheHedgeIsEnded()
    {
        var reply = await World.Client.AskAsync("hedged-in-vain", stream: true);

        Assert.Equal((200, "poor-openai/mock-first-delay=500", "[DONE]"), (reply.Status, reply.ServedBy, reply.Events[^1]));
        var row = await World.Logs.OneAsync(reply.RequestId);
        Assert.Equal([("poor-openai", "ok"), ("narrow", "hedge_lost")], row.Attempts);
        Assert.Equal(8, row.OutputTokens);
        await EndedAsync("mock-hang-after=1+chunks=9", 1);
    }

    [Fact]
    public async Task Chat_ProvidersWithOnePlace_EveryHedgeFindsItFree()
    {
        for (var round = 0; round < 5; round++)
        {
            var reply = await World.Client.AskAsync("hedged-narrow", stream: true);

            Assert.Equal((200, "2"), (reply.Status, reply.Attempts));
            // The loser's place is free when its connection is closed, which may be after the answer.
            await EndedAsync("mock-hang-after=1", round + 1, "narrow");
        }
    }

    [Fact]
    public async Task Chat_BothFail_TheThirdIsTriedAloneAndThereIsNoOtherHedge()
    {
        var reply = await World.Client.AskAsync("hedged-once", stream: true);

        Assert.Equal((200, "healthy-openai/mock-ok", "3"), (reply.Status, reply.ServedBy, reply.Attempts));
        var row = await World.Logs.OneAsync(reply.RequestId);
        Assert.Equal([("times-out", "timeout"), ("times-out", "timeout"), ("healthy-openai", "ok")], row.Attempts);
        Assert.Equal([null, "hedge", null], row.OfAttempts("role"));
    }

    [Fact]
    public async Task Chat_HedgeIsRejected_TheClientGetsTheReasonAndTheFirstIsEnded()
    {
        var reply = await World.Client.AskAsync("hedged-rejected", stream: true);

        Assert.Equal((400, "upstream_rejected", "2"), (reply.Status, reply.ErrorCode, reply.Attempts));
        var row = await World.Logs.OneAsync(reply.RequestId);
        Assert.Equal([("poor-openai", "hedge_lost"), ("poor-openai", "rejected")], row.Attempts);
    }

    [Fact]
    public async Task Chat_DeadlineWhileBothRun_EndsBoth()
    {
        var reply = await World.Client.AskAsync("hedged-late", headers: ("X-Request-Timeout-Ms", "600"));

        Assert.Equal((504, "upstream_timeout", "2"), (reply.Status, reply.ErrorCode, reply.Attempts));
        var row = await World.Logs.OneAsync(reply.RequestId);
        Assert.Equal([("poor-openai", "timeout"), ("poor-openai", "timeout")], row.Attempts);
        await EndedAsync("mock-hang-before-headers+chunks=3", 1);
        await EndedAsync("mock-hang-before-headers+chunks=4", 1);
    }

    [Fact]
    public async Task Chat_ClientLeavesWhileBothRun_BothAreEnded()
    {
        var hangs = new Behaviour { HangBeforeHeaders = true };
        await World.Poor.Control.ScriptAsync("left-first", hangs);
        await World.Poor.Control.ScriptAsync("left-second", hangs);
        var id = Guid.NewGuid();
        using var leaving = new CancellationTokenSource();
        var asking = World.Client.OpenAsync(ChatClient.Body("hedged-left"), leaving.Token, ("X-Request-Id", id.ToString()));
        await TestKit.Eventually.TrueAsync(
            async () => (await World.Poor.Control.RequestsAsync("left-second")).Count == 1, "the hedge is under way");

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await EndedAsync("left-first", 1);
        await EndedAsync("left-second", 1);
        var row = await World.Logs.OneOfClientAsync(id);
        Assert.Equal((499, "client_gone"), (row.Status, row.ErrorCode));
        Assert.Equal([("poor-openai", "canceled"), ("poor-openai", "canceled")], row.Attempts);
    }

    [Fact]
    public async Task Chat_AfterTheUpstreamsOwnP95_OnlyAnUnusualSilenceIsHedged()
    {
        // Before the fifth nothing is known; nothing is hedged.
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal("1", (await World.Client.AskAsync("hedged-p95", stream: true)).Attempts);
        }

        await World.Poor.Control.ScriptAsync("p95-model", new Behaviour { HangBeforeHeaders = true });
        var reply = await World.Client.AskAsync("hedged-p95", stream: true);

        Assert.Equal((200, "healthy-openai/mock-ok"), (reply.Status, reply.ServedBy));
        Assert.Equal([("poor-openai", "hedge_lost"), ("healthy-openai", "ok")], (await World.Logs.OneAsync(reply.RequestId)).Attempts);
    }

    private Task EndedAsync(string model, int times, string? provider = null)
    {
        var key = provider is null ? null : GatewayDeclaration.SecretOf(provider);
        return TestKit.Eventually.TrueAsync(
            async () => (await World.Poor.Control.RequestsAsync(model)).Count(r => r.Canceled && (key is null || r.Key == key)) >= times,
            $"the upstream has seen {times} of {model} end");
    }
}
