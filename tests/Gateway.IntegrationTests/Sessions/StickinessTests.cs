using AIHigress.Gateway.IntegrationTests.Protocols;
using AIHigress.MockUpstream.Scripting;

namespace AIHigress.Gateway.IntegrationTests.Sessions;

/// <summary>A session stays with the upstream that answered it.</summary>
[Collection(SessionGateway.Name)]
public sealed class StickinessTests(SessionGateway gateway)
{
    [Fact]
    public async Task Ask_SameSession_StaysWhereWeightsWouldSpread()
    {
        var user = await gateway.AddSessionUserAsync();
        var homes = new Dictionary<string, string>();
        for (var session = 0; session < 20; session++)
        {
            homes[$"s{session}"] = (await user.AskAsync("spread", $"s{session}")).ServedBy!;
        }

        Assert.Equal(2, homes.Values.Distinct().Count());
        foreach (var (session, home) in homes)
        {
            Assert.Equal(home, (await user.AskAsync("spread", session)).ServedBy);
        }
    }

    [Fact]
    public async Task Ask_SameSession_StaysWithTheKeyThatAnswered()
    {
        var user = await gateway.AddSessionUserAsync();
        for (var i = 0; i < 12; i++)
        {
            Assert.Equal(200, (await user.AskAsync("keyed", "k")).Status);
        }

        var keys = gateway.One.Requests("keyed").Select(r => r.Key).ToList();
        Assert.True(keys.Count >= 12);
        Assert.Single(keys.TakeLast(12).Distinct());
    }

    [Fact]
    public async Task Failover_BoundUpstreamFails_MovesTheSession()
    {
        var user = await gateway.AddSessionUserAsync();
        Assert.Equal("one/moves", (await user.AskAsync("moves", "m")).ServedBy);
        gateway.One.Script("moves", new Behaviour { Status = 500 }, times: 1);

        var failedOver = await user.AskAsync("moves", "m");
        var next = await user.AskAsync("moves", "m");

        Assert.Equal(("two/moves", "2"), (failedOver.ServedBy, failedOver.Attempts));
        Assert.Equal(("two/moves", "1"), (next.ServedBy, next.Attempts));
        Assert.Equal("one/moves", (await user.AskAsync("moves", "another")).ServedBy);
    }

    [Fact]
    public async Task Cancel_BeforeTheFirstTokenAndAfter_LeavesTheSessionWhereItWas()
    {
        var user = await gateway.AddSessionUserAsync();
        Assert.Equal("two/canceled", (await user.AskAsync("canceled", "c", ("X-Route-Exclude", "one"))).ServedBy);
        gateway.Two.Script("canceled", new Behaviour { Gate = "canceled", Chunks = 4 }, times: 2);
        var gone = gateway.Two.Stats.Canceled;

        using (var leaving = new CancellationTokenSource())
        {
            var opening = user.OpenAsync(new ProtocolClient("chat").Ask("canceled", stream: true), "c", leaving.Token);
            await gateway.Two.WaitForGateAsync("canceled", minWaiting: 1);
            await leaving.CancelAsync();
            await Task.WhenAny(opening);
        }

        await gateway.Two.WaitForCanceledAsync(gone + 1);
        using (var leaving = new CancellationTokenSource())
        {
            var opening = user.OpenAsync(new ProtocolClient("chat").Ask("canceled", stream: true), "c", leaving.Token);
            await gateway.Two.WaitForGateAsync("canceled", minWaiting: 1);
            gateway.Two.Release("canceled", 2);
            using var answer = await opening;
            Assert.Equal(200, (int)answer.StatusCode);
        }

        await gateway.Two.WaitForCanceledAsync(gone + 2);
        Assert.Equal("two/canceled", (await user.AskAsync("canceled", "c")).ServedBy);
    }

    [Fact]
    public async Task Refusal_FirstRequest_CreatesNoSession()
    {
        var user = await gateway.AddSessionUserAsync();
        gateway.One.Script("refused", new Behaviour { Status = 422, ErrorMessage = "no" }, times: 1);

        Assert.Equal(422, (await user.AskAsync("refused", "r")).Status);
        Assert.Equal(404, (await user.AskAsync("no-such-model", "r")).Status);
        Assert.Equal(400, (await user.AskAsync("refused", "r", ("X-Route-Providers", "nobody"))).Status);

        Assert.Empty(await user.SessionsAsync());
        Assert.Equal(404, (await user.ContextAsync("r")).Status);
    }

    [Fact]
    public async Task TwoUsers_OneId_NeverMeet()
    {
        var first = await gateway.AddSessionUserAsync();
        var second = await gateway.AddSessionUserAsync();
        Assert.Equal("two/shared", (await first.AskAsync("shared", "same", ("X-Route-Exclude", "one"))).ServedBy);

        Assert.Equal(404, (await second.ContextAsync("same")).Status);
        Assert.Equal("one/shared", (await second.AskAsync("shared", "same", ("X-Session-Context", "off"))).ServedBy);
        Assert.Equal("two/shared", (await first.AskAsync("shared", "same")).ServedBy);
        Assert.Empty(await second.ExchangesAsync("same", 0));
        await first.ExchangesAsync("same", 2);
    }

    [Fact]
    public async Task TwoModels_OneId_AreTwoSessions()
    {
        var user = await gateway.AddSessionUserAsync();
        Assert.Equal("two/other", (await user.AskAsync("other", "o", ("X-Route-Exclude", "one"))).ServedBy);

        Assert.Equal("one/shared", (await user.AskAsync("shared", "o")).ServedBy);
        Assert.Equal("two/other", (await user.AskAsync("other", "o")).ServedBy);
        Assert.Equal(["other", "shared"], (await user.SessionsAsync()).Select(s => s.GetProperty("model").GetString()).Order());
    }

    [Fact]
    public async Task Ttl_EachUse_BeginsItAnew()
    {
        var user = await gateway.AddSessionUserAsync();
        Assert.Equal("two/ttl", (await user.AskAsync("ttl", "t", ("X-Route-Exclude", "one"))).ServedBy);

        gateway.Clock.Advance(TimeSpan.FromSeconds(7100));
        Assert.Equal("two/ttl", (await user.AskAsync("ttl", "t")).ServedBy);
        gateway.Clock.Advance(TimeSpan.FromSeconds(7100));
        Assert.Equal("two/ttl", (await user.AskAsync("ttl", "t")).ServedBy);
        gateway.Clock.Advance(TimeSpan.FromSeconds(7201));
        Assert.Equal("one/ttl", (await user.AskAsync("ttl", "t")).ServedBy);
    }

    [Fact]
    public async Task RouteHeader_ExcludesTheBoundUpstream_IsObeyed()
    {
        var user = await gateway.AddSessionUserAsync();
        await user.AskAsync("other", "x");

        Assert.Equal("two/other", (await user.AskAsync("other", "x", ("X-Route-Exclude", "one"))).ServedBy);
    }
}
