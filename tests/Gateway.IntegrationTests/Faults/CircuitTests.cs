using System.Text.Json;
using AIHigress.Gateway.Features.Usage;
using AIHigress.MockUpstream.Scripting;

namespace AIHigress.Gateway.IntegrationTests.Faults;

/// <summary>Three failures take an upstream out of the way; they never take a model away.</summary>
public sealed class CircuitTests(SharedWorlds worlds) : FaultTests(worlds)
{
    [Fact]
    public async Task Chat_AfterThreeFailures_TheFailingProviderIsLeftAlone()
    {
        await World.FaultyMock.Control.ScriptAsync("circuit-model", new Behaviour { Status = 500 });
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("2", (await World.Client.AskAsync("circuit", extra: Differing(i))).Attempts);
        }

        for (var i = 0; i < 5; i++)
        {
            var reply = await World.Client.AskAsync("circuit", stream: i % 2 == 1);

            Assert.Equal((200, "1", "healthy/mock-ok"), (reply.Status, reply.Attempts, reply.ServedBy));
            var detail = JsonSerializer.Deserialize((await World.Logs.OneAsync(reply.RequestId)).Detail!, UsageJson.Default.UsageDetail)!;
            Assert.Contains(detail.Plan!.Excluded, e => (e.Provider, e.Model, e.Reason) == ("circuit", "circuit-model", "circuit_open"));
        }

        Assert.Equal(3, (await World.FaultyMock.Control.RequestsAsync("circuit-model")).Count);
    }

    [Fact]
    public async Task Chat_OnlyCircuitsLeaveNone_TheUpstreamIsTriedAnyway()
    {
        await World.FaultyMock.Control.ScriptAsync("circuit-alone-model", new Behaviour { Status = 500 }, times: 4);
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal((502, "1"), await StatusAndAttemptsAsync());
        }

        Assert.Equal((200, "1"), await StatusAndAttemptsAsync());
        Assert.Equal(5, (await World.FaultyMock.Control.RequestsAsync("circuit-alone-model")).Count);
    }

    [Fact]
    public async Task Stream_BreaksAfterContentThreeTimes_TheUpstreamIsLeftAlone()
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("circuit-breaks/mock-cut-after=4", (await World.Client.AskAsync("circuit-breaks", stream: true, Differing(i))).ServedBy);
        }

        var reply = await World.Client.AskAsync("circuit-breaks", stream: true);

        Assert.Equal(("healthy/mock-ok", "[DONE]"), (reply.ServedBy, reply.Events[^1]));
    }

    // The same request over and over is no proof: it may be the request's fault.
    private static string Differing(int number) => $",\"seed\":{number}";

    private async Task<(int Status, string? Attempts)> StatusAndAttemptsAsync()
    {
        var reply = await World.Client.AskAsync("circuit-alone");
        return (reply.Status, reply.Attempts);
    }
}
