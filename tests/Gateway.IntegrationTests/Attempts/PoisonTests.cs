namespace AIHigress.Gateway.IntegrationTests.Attempts;

/// <summary>A prompt that makes an upstream fail is its sender's trouble, not everybody's.</summary>
public sealed class PoisonTests(SharedWorlds worlds) : AttemptTests(worlds)
{
    public const int Poisonings = 12;

    [Fact]
    public async Task Chat_OneClientRepeatsAPoisonousPrompt_OthersAreServedByThatUpstream()
    {
        for (var i = 0; i < Poisonings; i++)
        {
            var poisoned = await World.Client.AskAsync("poisoned", extra: ",\"user\":\"poison\"");

            Assert.Equal((200, "2", "healthy-openai/mock-ok"), (poisoned.Status, poisoned.Attempts, poisoned.ServedBy));
        }

        var reply = await World.Client.AskAsync("poisoned");

        Assert.Equal((200, "1", "poor-openai/poisoned"), (reply.Status, reply.Attempts, reply.ServedBy));
    }
}
