using AIHigress.Gateway.IntegrationTests.Faults;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Cluster;

/// <summary>One of two replicas behind nginx is killed: its own streams end, everything else goes on.</summary>
public sealed class ReplicaKilledTests
{
    private const int Streams = 24;
    private const int Clients = 8;
    private const int AfterKill = 200;
    private const string Active = "http_server_active_requests";

    [Fact]
    public async Task Kill_OneReplicaDuringStreams_OnlyItsOwnEndAndTheOtherKnowsWhatItKnew()
    {
        await using var mock = await MockUpstreamProcess.StartAsync(new MockUpstreamOptions { Name = "up" });
        var nobody = new Uri($"http://127.0.0.1:{FreePort.OfNobody()}/v1");
        await using var pair = await ReplicaPair.StartAsync(
            new GatewayDeclaration()
                .Provider("up", mock.OpenAIBaseUrl)
                .Provider("down", nobody)
                .Model("gated", ("up", "mock-gate=streams+chunks=6"))
                .Model("plain", ("up", "mock-ok"))
                .Model("failing", ("down", "m"), ("up", "mock-ok")),
            withNginx: true);
        using var client = ReplicaPair.ClientOf(pair.Nginx.Address);
        await OpenCircuitAsync(pair);
        var streams = await OpenStreamsAsync(client, mock);
        var ofFirst = (int)await ReplicaPair.MetricAsync(pair.First, Active) - 1;
        var ofSecond = (int)await ReplicaPair.MetricAsync(pair.Second, Active) - 1;
        Assert.Equal(Streams, ofFirst + ofSecond);
        Assert.True(ofFirst > 0 && ofSecond > 0, $"nginx gave {ofFirst} and {ofSecond}");

        var load = new Load(pair.Nginx.Address, ("plain", false), ("plain", true)) { GoesOn = true };
        load.Start(Clients);
        await load.WhenWholeAsync(AfterKill / 4);
        pair.First.Kill();
        await load.WhenWholeAsync(load.Whole.Count + AfterKill);
        await load.StopAsync();
        await mock.Control.ReleaseAsync("streams", Streams * 20);
        var ends = await Task.WhenAll(streams.Select(ReadAsync));

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Streams} streams, {ofFirst} at the killed replica: {ends.Count(e => e == "broken")} broke, {ends.Count(e => e == "[DONE]")} whole; "
            + $"load: {load.Whole.Count} whole, {load.Cut.Count} cut, {load.Failures.Count} refused by nginx");
        Assert.Equal(ofFirst, ends.Count(e => e == "broken"));
        Assert.Equal(ofSecond, ends.Count(e => e == "[DONE]"));
        // At most what was on its way through the killed one; each a status or a broken connection that SDKs try again.
        Assert.All(load.Failures, failure => Assert.StartsWith("502 ", failure, StringComparison.Ordinal));
        Assert.InRange(load.Failures.Count + load.Cut.Count, 0, Clients * 2);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(("1", "up/mock-ok"), Served(await client.AskAsync("failing")));
        }

        await AssertAllAccountedAsync(pair, load);
    }

    /// <summary>At the replica that will be killed; the other learns of it.</summary>
    private static async Task OpenCircuitAsync(ReplicaPair pair)
    {
        using var first = ReplicaPair.ClientOf(pair.First.Address);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(("2", "up/mock-ok"), Served(await first.AskAsync("failing", extra: $",\"seed\":{i}")));
        }

        Assert.Equal(("1", "up/mock-ok"), Served(await first.AskAsync("failing")));
        var admin = (await ReplicaPair.AdminAsync(pair.First)).Token;
        var second = ReplicaPair.ApiOf(pair.Second).With(admin);
        await Eventually.TrueAsync(
            async () => (await second.PostAsync("/api/v1/routing/decide", new { model = "failing" })).Body.Contains("circuit_open", StringComparison.Ordinal),
            "the other replica knows of the open circuit");
    }

    private static async Task<List<HttpResponseMessage>> OpenStreamsAsync(ChatClient client, MockUpstreamProcess mock)
    {
        // Role and first content at once, so that each has begun at the client.
        var opening = Enumerable.Range(0, Streams).Select(_ => client.OpenAsync(ChatClient.Body("gated", stream: true), CancellationToken.None)).ToList();
        await mock.Control.WaitForGateAsync("streams", minWaiting: Streams, timeout: Timeouts.Wait);
        await mock.Control.ReleaseAsync("streams", Streams);
        await mock.Control.WaitForGateAsync("streams", minSent: Streams, minWaiting: Streams, timeout: Timeouts.Wait);
        await mock.Control.ReleaseAsync("streams", Streams);
        return [.. await Task.WhenAll(opening)];
    }

    private static async Task<string> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            try
            {
                return (await ChatReply.ReadAsync(response)).Events[^1];
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                return "broken";
            }
        }
    }

    /// <summary>The killed replica starts again and tells what its journal holds: each whole answer has its row.</summary>
    private static async Task AssertAllAccountedAsync(ReplicaPair pair, Load load)
    {
        await pair.StartAgainAsync(pair.First);
        var whole = load.Whole.ToHashSet();
        HashSet<Guid> rows = [];
        await Eventually.TrueAsync(
            async () =>
            {
                rows = [.. (await pair.Logs.AllAsync()).Where(r => r.Ok && Guid.TryParse(r.ClientRequestId, out _)).Select(r => Guid.Parse(r.ClientRequestId!))];
                return whole.IsSubsetOf(rows);
            },
            "every whole answer has a row");
        using var client = ReplicaPair.ClientOf(pair.First.Address);
        Assert.Equal(200, (await client.AskAsync("plain")).Status);
    }

    private static (string? Attempts, string? ServedBy) Served(ChatReply reply)
    {
        Assert.Equal(200, reply.Status);
        return (reply.Attempts, reply.ServedBy);
    }
}
