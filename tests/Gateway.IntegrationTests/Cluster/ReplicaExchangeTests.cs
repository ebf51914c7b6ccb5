using System.Globalization;
using AIHigress.Gateway.IntegrationTests.Identity;
using AIHigress.MockUpstream.Scripting;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Cluster;

/// <summary>What one replica learns of an upstream by its own traffic, the other knows without any.</summary>
[Collection(ClusterWorld.Name)]
public sealed class ReplicaExchangeTests(ClusterWorld world)
{
    [Fact]
    public async Task Circuit_OpensAtOneReplica_TheOtherLeavesTheUpstreamAlone()
    {
        using var here = ReplicaPair.ClientOf(world.Pair.First.Address);
        using var there = ReplicaPair.ClientOf(world.Pair.Second.Address);
        world.Mock.Script("opens-model", new Behaviour { Refuse = true });
        for (var i = 0; i < 3; i++)
        {
            // Different ones: the same request again might be what the upstream can't bear.
            Assert.Equal(("2", "healthy/mock-ok"), Served(await here.AskAsync("opens", extra: $",\"seed\":{i}")));
        }

        await Eventually.TrueAsync(async () => await CircuitAtAsync(world.Pair.Second, "opens") != "closed", "the other replica knows");
        var asked = world.Mock.Requests("opens-model").Count;
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(("1", "healthy/mock-ok"), Served(await there.AskAsync("opens", stream: i % 2 == 1)));
        }

        Assert.Equal(asked, world.Mock.Requests("opens-model").Count);
    }

    [Fact]
    public async Task Key_RestsAtOneReplica_TheOtherDoesNotUseIt()
    {
        using var here = ReplicaPair.ClientOf(world.Pair.First.Address);
        using var there = ReplicaPair.ClientOf(world.Pair.Second.Address);
        world.Mock.Script("rests-model", new Behaviour { Status = 429, RetryAfter = "300" }, times: 1);
        Assert.Equal(("2", "healthy/mock-ok"), Served(await here.AskAsync("rests")));

        await Eventually.TrueAsync(async () => (await DecideAsync(world.Pair.Second, "rests")).Contains("keys_paused", StringComparison.Ordinal), "the other replica knows");

        Assert.Equal(("1", "healthy/mock-ok"), Served(await there.AskAsync("rests")));
        Assert.Single(world.Mock.Requests("rests-model"));
    }

    [Fact]
    public async Task Measurements_OfOneReplica_CountAtTheOther()
    {
        using var here = ReplicaPair.ClientOf(world.Pair.First.Address);
        Assert.Equal(0, await SamplesAtAsync(world.Pair.Second, "measured"));
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal("measured/measured-model", (await here.AskAsync("measured", stream: i % 2 == 1)).ServedBy);
        }

        await Eventually.TrueAsync(async () => await SamplesAtAsync(world.Pair.Second, "measured") == 4, "the other replica has its samples");
    }

    private static (string? Attempts, string? ServedBy) Served(Kit.ChatReply reply)
    {
        Assert.Equal(200, reply.Status);
        return (reply.Attempts, reply.ServedBy);
    }

    private async Task<string> DecideAsync(GatewayProcess replica, string model)
    {
        var answer = await ReplicaPair.ApiOf(replica).With(world.Admin.Token).PostAsync("/api/v1/routing/decide", new { model });
        answer.MustBe(200);
        return answer.Body;
    }

    private async Task<string?> CircuitAtAsync(GatewayProcess replica, string provider)
    {
        var answer = System.Text.Json.JsonDocument.Parse(await DecideAsync(replica, provider)).RootElement;
        var planned = answer.GetProperty("candidates").EnumerateArray().SingleOrDefault(c => c.GetProperty("provider").GetString() == provider);
        return planned.ValueKind == System.Text.Json.JsonValueKind.Undefined ? "excluded" : planned.GetProperty("circuit").GetString();
    }

    private async Task<long> SamplesAtAsync(GatewayProcess replica, string provider)
    {
        var answer = System.Text.Json.JsonDocument.Parse(await DecideAsync(replica, provider)).RootElement;
        return answer.GetProperty("candidates").EnumerateArray().Single(c => c.GetProperty("provider").GetString() == provider).GetProperty("samples").GetInt64();
    }
}
