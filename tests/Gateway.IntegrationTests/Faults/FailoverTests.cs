using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream.Scripting;

namespace AIHigress.Gateway.IntegrationTests.Faults;

/// <summary>Every fault before content, plain and streamed: while another provider is healthy the client never notices.</summary>
public sealed class FailoverTests(SharedWorlds worlds) : FaultTests(worlds)
{
    public static TheoryData<string> Faults => [.. ProviderFault.All.Select(f => f.Id)];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Chat_FirstProviderFails_ClientGetsTheHealthyAnswer(string name)
    {
        var fault = ProviderFault.Named(name);

        var reply = await World.Client.AskAsync(fault.Model, fault.Stream);

        Assert.Equal(200, reply.Status);
        Assert.Equal("healthy/mock-ok", reply.ServedBy);
        Assert.Equal("2", reply.Attempts);
        AssertHealthyAnswer(reply, fault.Stream);
        var row = await World.Logs.OneAsync(reply.RequestId);
        Assert.Equal([(fault.Provider, fault.Category), (FaultWorld.Healthy, "ok")], row.Attempts);
        Assert.Equal((200, null, true, fault.Stream), (row.Status, row.ErrorCode, row.Ok, row.Stream));
        Assert.Equal((8, false), (row.OutputTokens, row.TokensEstimated));
    }

    private static void AssertHealthyAnswer(ChatReply reply, bool stream)
    {
        var text = Words.Text(new Behaviour());
        if (!stream)
        {
            Assert.StartsWith("chatcmpl-healthy-", reply.Json.GetProperty("id").GetString(), StringComparison.Ordinal);
            Assert.Equal(text, reply.PlainText);
            return;
        }

        Assert.StartsWith("text/event-stream", reply.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Equal(text, reply.StreamText);
        Assert.Equal("[DONE]", reply.Events[^1]);
        Assert.All(reply.Events.SkipLast(1), e => Assert.Contains("chatcmpl-healthy-", e, StringComparison.Ordinal));
    }
}
