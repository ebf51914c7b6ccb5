using System.Text.Json;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Faults;

/// <summary>SIGTERM: what runs may finish, what comes is sent elsewhere, and nothing goes unaccounted.</summary>
public sealed class ShutdownTests
{
    [Fact]
    public async Task Terminate_DuringAStream_LetsItFinishAndRefusesNewRequests()
    {
        await using var mock = await MockUpstreamProcess.StartAsync();
        await using var site = Site(mock, graceSeconds: 60);
        var gateway = await site.StartAsync();
        using var client = new ChatClient(gateway.Address, GatewaySite.Key);
        await mock.Control.ReleaseAsync("stream", 2);
        using var response = await client.OpenAsync(ChatClient.Body("gated-stream", stream: true), CancellationToken.None);
        var plain = client.AskAsync("gated-plain");
        await mock.Control.WaitForInFlightAsync(2);

        gateway.Terminate();

        ChatReply refused;
        do
        {
            refused = await client.AskAsync("ok");
        }
        while (refused.Status == 200);
        Assert.Equal((503, "shutting_down"), (refused.Status, refused.ErrorCode));
        Assert.True(int.Parse(refused.Headers["Retry-After"]) > 0);
        Assert.False(gateway.HasExited);

        await mock.Control.ReleaseAsync("stream", 20);
        await mock.Control.ReleaseAsync("plain");
        var stream = await ChatReply.ReadAsync(response);
        Assert.Equal("[DONE]", stream.Events[^1]);
        Assert.Equal(200, (await plain).Status);
        Assert.Equal(0, await gateway.WaitForExitAsync());
        var rows = (await site.Logs.AllAsync()).ToDictionary(r => r.RequestId);
        Assert.True(rows[stream.RequestId].Ok);
        Assert.True(rows[(await plain).RequestId].Ok);
        Assert.Equal("shutting_down", rows[refused.RequestId].ErrorCode);
    }

    [Fact]
    public async Task Terminate_StreamsOutlastTheGrace_EndWithTheErrorEventAndAreAccounted()
    {
        await using var mock = await MockUpstreamProcess.StartAsync();
        await using var site = Site(mock, graceSeconds: 1);
        var gateway = await site.StartAsync();
        using var client = new ChatClient(gateway.Address, GatewaySite.Key);
        var streams = Enumerable.Range(0, 20).Select(_ => client.AskAsync("hanging-stream", stream: true)).ToList();
        var plain = Enumerable.Range(0, 5).Select(_ => client.AskAsync("hanging-plain")).ToList();
        await mock.Control.WaitForInFlightAsync(streams.Count + plain.Count);

        gateway.Terminate();

        foreach (var reply in await Task.WhenAll(streams))
        {
            using var last = JsonDocument.Parse(reply.Events[^1]);
            Assert.Equal("shutting_down", last.RootElement.GetProperty("error").GetProperty("code").GetString());
            Assert.DoesNotContain("[DONE]", reply.Events);
        }

        Assert.All(await Task.WhenAll(plain), reply => Assert.Equal((503, "shutting_down"), (reply.Status, reply.ErrorCode)));
        Assert.Equal(0, await gateway.WaitForExitAsync());
        var rows = await site.Logs.AllAsync();
        Assert.Equal(streams.Count + plain.Count, rows.Count);
        Assert.All(rows, row => Assert.Equal(("shutting_down", false), (row.ErrorCode, row.Ok)));
        Assert.All(rows.Where(r => r.Stream), row => Assert.True(row is { Status: 200, OutputTokens: > 0 }));
        Assert.Equal(0, await site.JournaledAsync());
    }

    private static GatewaySite Site(MockUpstreamProcess mock, int graceSeconds)
    {
        var declaration = new GatewayDeclaration()
            .Provider("up", mock.OpenAIBaseUrl)
            .Model("ok", ("up", "mock-ok"))
            .Model("gated-stream", ("up", "mock-gate=stream"))
            .Model("gated-plain", ("up", "mock-gate=plain"))
            .Model("hanging-stream", ("up", "mock-hang-after=3"))
            .Model("hanging-plain", ("up", "mock-hang-before-headers"));
        declaration.Environment["SHUTDOWN_GRACE_SECONDS"] = graceSeconds.ToString();
        return new GatewaySite(declaration);
    }
}
