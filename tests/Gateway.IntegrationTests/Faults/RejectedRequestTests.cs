using AIHigress.MockUpstream.Scripting;

namespace AIHigress.Gateway.IntegrationTests.Faults;

/// <summary>A 4xx about the request goes back to the client: another provider would say the same.</summary>
public sealed class RejectedRequestTests(SharedWorlds worlds) : FaultTests(worlds)
{
    public static readonly int[] Statuses = [400, 404, 413, 422];

    public static TheoryData<int, bool> Cases
    {
        get
        {
            var cases = new TheoryData<int, bool>();
            foreach (var status in Statuses)
            {
                cases.Add(status, false);
                cases.Add(status, true);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Chat_UpstreamRejects_ClientGetsItsStatusAndMessage(int status, bool stream)
    {
        var model = $"rejects-{status}";
        await World.FaultyMock.Control.ScriptAsync(model, new Behaviour { Status = status, ErrorMessage = "messages[0] is too silly" }, times: 1);

        var reply = await World.Client.AskAsync(model, stream);

        Assert.Equal((status, "upstream_rejected"), (reply.Status, reply.ErrorCode));
        Assert.Equal("messages[0] is too silly", reply.ErrorMessage);
        Assert.Equal("1", reply.Attempts);
        Assert.Empty(await World.HealthyMock.Control.RequestsAsync("untouched-" + model));
        var row = await World.Logs.OneAsync(reply.RequestId);
        Assert.Equal([("rejects", "rejected")], row.Attempts);
        Assert.Equal((status, "upstream_rejected", false), (row.Status, row.ErrorCode, row.Ok));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(500)]
    public async Task Chat_UpstreamTellsKeyAndAddress_ClientDoesNotGetThem(int status)
    {
        var address = World.FaultyMock.BaseAddress;
        var message = $"Incorrect API key provided: {{key}} at {World.FaultyMock.OpenAIBaseUrl} ({address.Authority}, {address.Host})";
        await World.FaultyMock.Control.ScriptAsync("leaks-model", new Behaviour { Status = status, ErrorMessage = message }, times: 1);

        var reply = await World.Client.AskAsync("leaks");

        Assert.Equal(status == 400 ? 400 : 502, reply.Status);
        Secrecy.AssertKept(reply, address);
        var row = await World.Logs.OneAsync(reply.RequestId);
        Assert.DoesNotContain("canary", row.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(address.Authority, row.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_ErrorEventTellsTheKey_ClientDoesNotGetIt()
    {
        await World.FaultyMock.Control.ScriptAsync("leaks-model", new Behaviour { ErrorAfter = 3, ErrorMessage = "The key {key} ran dry" }, times: 1);

        var reply = await World.Client.AskAsync("leaks", stream: true);

        Assert.Contains("ran dry", reply.Events[^1], StringComparison.Ordinal);
        Secrecy.AssertKept(reply, World.FaultyMock.BaseAddress);
    }
}
