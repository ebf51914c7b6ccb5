using AIHigress.MockUpstream.Scripting;

namespace AIHigress.Gateway.IntegrationTests.Attempts;

/// <summary>A stream that crawls is held until it has shown its speed; a client sees nothing of one that is given up.</summary>
public sealed class GuardTests(SharedWorlds worlds) : AttemptTests(worlds)
{
    private static readonly string SlowText = Words.Text(new Behaviour { Chunks = 8, ChunkBytes = 64 });

    [Fact]
    public async Task Stream_TooSlow_AnotherAnswers()
    {
        var reply = await World.Client.AskAsync("guarded", stream: true);

        Assert.Equal((200, "healthy-openai/mock-ok", "2"), (reply.Status, reply.ServedBy, reply.Attempts));
        Assert.Equal((Words.Text(new Behaviour()), "[DONE]"), (reply.StreamText, reply.Events[^1]));
        var row = await World.Logs.OneAsync(reply.RequestId);
        Assert.Equal([("poor-openai", "too_slow"), ("healthy-openai", "ok")], row.Attempts);
        Assert.Equal(8, row.OutputTokens);
        Assert.NotNull(row.OfAttempts("waste_output_tokens")[0]);
    }

    [Theory]
    [InlineData("guarded-alone", "1")]
    [InlineData("guarded-then-fails", "2")]
    public async Task Stream_TooSlowAndNobodyLeft_TheSlowOneAnswersWhole(string model, string attempts)
    {
        var reply = await World.Client.AskAsync(model, stream: true);

        Assert.Equal((200, attempts), (reply.Status, reply.Attempts));
        Assert.StartsWith("poor-openai/", reply.ServedBy, StringComparison.Ordinal);
        Assert.Equal((SlowText, "[DONE]"), (reply.StreamText, reply.Events[^1]));
        var row = await World.Logs.OneAsync(reply.RequestId);
        Assert.Equal(("poor-openai", "ok"), row.Attempts[0]);
        Assert.Equal("slow, but nobody else was left", row.OfAttempts("note")[0]);
    }

    [Fact]
    public async Task Stream_EverybodyIsTooSlow_TheFirstAnswersAndTheOtherIsNoted()
    {
        var reply = await World.Client.AskAsync("guarded-twice", stream: true);

        Assert.Equal((200, "2", SlowText), (reply.Status, reply.Attempts, reply.StreamText));
        Assert.Equal([("poor-openai", "ok"), ("healthy-openai", "too_slow")], (await World.Logs.OneAsync(reply.RequestId)).Attempts);
    }

    [Fact]
    public async Task Stream_FastEnough_IsPassedOn()
    {
        var reply = await World.Client.AskAsync("guarded-fast", stream: true);

        Assert.Equal((200, "1"), (reply.Status, reply.Attempts));
        Assert.Equal((Words.Text(new Behaviour { Chunks = 40, ChunkBytes = 64 }), "[DONE]"), (reply.StreamText, reply.Events[^1]));
    }

    [Fact]
    public async Task Stream_DiesWhileItIsWatched_AnotherAnswers()
    {
        var reply = await World.Client.AskAsync("guarded-dies", stream: true);

        Assert.Equal((200, Words.Text(new Behaviour()), "[DONE]"), (reply.Status, reply.StreamText, reply.Events[^1]));
        Assert.Equal([("poor-openai", "network"), ("healthy-openai", "ok")], (await World.Logs.OneAsync(reply.RequestId)).Attempts);
    }
}
