using System.Text;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream;
using AIHigress.MockUpstream.Scripting;
using AIHigress.TestKit;

namespace AIHigress.Gateway.IntegrationTests.Responses;

/// <summary>What is kept outlives the process that made it, and another one finds it.</summary>
public sealed class ReplicaTests
{
    private const string Background = """{"background":true}""";
    private const string Canary = "canary-words-of-a-conversation";

    [Fact]
    public async Task Restart_SameDatabase_TheConversationGoesOnAndNothingLiesOpen()
    {
        await using var mock = await MockUpstreamHost.StartAsync();
        mock.Script("m", new Behaviour { Text = Canary + "-answered" });
        await using var site = Site(mock);
        var gateway = await site.StartAsync();
        using var client = ResponsesClient.Of(gateway.Address, GatewaySite.Key);
        var id = (await client.AskAsync("m", Canary)).Id();
        gateway.Terminate();
        Assert.Equal(0, await gateway.WaitForExitAsync());

        var again = await site.StartAsync();
        using var after = ResponsesClient.Of(again.Address, GatewaySite.Key);
        var next = await after.AskAsync("m", "go on", id);

        Assert.Equal(200, (await after.GetAsync(id)).Status);
        Assert.Equal(200, next.Status);
        Assert.Contains(Canary, mock.Requests("m")[^1].BodyText, StringComparison.Ordinal);
        again.Terminate();
        Assert.Equal(0, await again.WaitForExitAsync());
        foreach (var file in Directory.GetFiles(site.DataDir, "*", SearchOption.AllDirectories))
        {
            Assert.True((await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Canary)) < 0, $"{file} holds what was said");
        }
    }

    [Fact]
    public async Task Kill_WhileOneRuns_TheNextStartFailsIt()
    {
        await using var mock = await MockUpstreamHost.StartAsync();
        mock.Script("m", new Behaviour { Gate = "g", Chunks = 4 });
        await using var site = Site(mock);
        var gateway = await site.StartAsync();
        using var client = ResponsesClient.Of(gateway.Address, GatewaySite.Key);
        var id = (await client.AskAsync("m", "work", extra: Background)).Id();
        mock.Release("g", 3);
        await mock.WaitForGateAsync("g", minSent: 3, minWaiting: 1);

        gateway.Kill();
        var again = await site.StartAsync();
        using var after = ResponsesClient.Of(again.Address, GatewaySite.Key);
        var events = await after.FollowAsync(id);

        Assert.Equal("response.failed", events[^1].Type());
        Assert.Equal(Enumerable.Range(0, events.Count).Select(n => (long)n), events.Numbers());
        var response = (await after.GetAsync(id)).Json;
        Assert.Equal("failed", response.Status());
        Assert.Equal("server_error", response.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Stop_WhileOneRuns_ItGetsTheGraceAndIsFailed()
    {
        await using var mock = await MockUpstreamHost.StartAsync();
        mock.Script("m", new Behaviour { HangAfter = 3 });
        await using var site = Site(mock, grace: 1);
        var gateway = await site.StartAsync();
        using var client = ResponsesClient.Of(gateway.Address, GatewaySite.Key);
        var id = (await client.AskAsync("m", "work", extra: Background)).Id();
        await Eventually.TrueAsync(async () => (await client.GetAsync(id)).Json.Status() == "in_progress", "it runs");
        await mock.WaitForInFlightAsync(1);

        gateway.Terminate();
        Assert.Equal(0, await gateway.WaitForExitAsync());
        var again = await site.StartAsync();
        using var after = ResponsesClient.Of(again.Address, GatewaySite.Key);
        var response = (await after.GetAsync(id)).Json;

        Assert.Equal(("failed", "shutting_down"), (response.Status(), response.GetProperty("error").GetProperty("code").GetString()));
    }

    [Fact]
    public async Task TwoReplicas_OneDatabase_OneMakesTheOtherContinuesFollowsAndCancels()
    {
        await using var mock = await MockUpstreamHost.StartAsync();
        mock.Script("gated", new Behaviour { Gate = "g", Chunks = 4 });
        var database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using var here = Site(mock, database);
        var gateway = await here.StartAsync();
        await using var there = Site(mock, database);
        var other = await there.StartAsync();
        using var client = ResponsesClient.Of(gateway.Address, GatewaySite.Key);
        using var elsewhere = ResponsesClient.Of(other.Address, GatewaySite.Key);

        var first = await client.AskAsync("m", "said here");
        var second = await elsewhere.AskAsync("m", "said there", first.Id());
        Assert.Equal(200, second.Status);
        Assert.Contains("said here", mock.Requests("m")[^1].BodyText, StringComparison.Ordinal);

        var followed = (await client.AskAsync("gated", "follow me", extra: Background)).Id();
        var following = elsewhere.FollowAsync(followed);
        mock.Release("g", 1000);
        var events = await following;
        Assert.Equal("response.completed", events[^1].Type());
        Assert.Equal(Enumerable.Range(0, events.Count).Select(n => (long)n), events.Numbers());

        mock.Script("gated", new Behaviour { Gate = "h", Chunks = 4 });
        var canceled = mock.Stats.Canceled;
        var running = (await client.AskAsync("gated", "cancel me", extra: Background)).Id();
        await mock.WaitForGateAsync("h", minWaiting: 1);
        Assert.Equal("cancelled", (await elsewhere.CancelAsync(running)).Json.Status());
        await mock.WaitForCanceledAsync(canceled + 1);
        Assert.Equal("response.cancelled", (await elsewhere.FollowAsync(running))[^1].Type());
    }

    [Fact]
    public async Task KilledReplica_OneDatabase_TheOtherFailsItsResponses()
    {
        await using var mock = await MockUpstreamHost.StartAsync();
        mock.Script("m", new Behaviour { Gate = "g", Chunks = 4 });
        var database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using var here = Site(mock, database);
        var gateway = await here.StartAsync();
        await using var there = Site(mock, database);
        var other = await there.StartAsync();
        using var client = ResponsesClient.Of(gateway.Address, GatewaySite.Key);
        using var elsewhere = ResponsesClient.Of(other.Address, GatewaySite.Key);
        var id = (await client.AskAsync("m", "work", extra: Background)).Id();
        await mock.WaitForGateAsync("g", minWaiting: 1);

        gateway.Kill();
        await Eventually.TrueAsync(async () => (await elsewhere.GetAsync(id)).Json.Status() == "failed", "the other replica fails it");
    }

    [Fact]
    public async Task DatabaseAway_AnswersAreGiven_FollowUpsAreTold()
    {
        await using var mock = await MockUpstreamHost.StartAsync();
        var server = await PostgresServer.StartAsync();
        try
        {
            await using var site = Site(mock, await server.CreateDatabaseAsync());
            var gateway = await site.StartAsync();
            using var client = ResponsesClient.Of(gateway.Address, GatewaySite.Key);
            var kept = await client.AskAsync("m", "before");

            await server.HaltAsync();
            var answer = await client.AskAsync("m", "meanwhile");
            var follow = await client.AskAsync("m", "more", kept.Id());
            var background = await client.AskAsync("m", "later", extra: Background);
            await server.StartAgainAsync();

            Assert.Equal(200, answer.Status);
            Assert.Equal((503, "storage_unavailable"), (follow.Status, follow.ErrorCode));
            Assert.Equal((503, "storage_unavailable"), (background.Status, background.ErrorCode));
            await Eventually.TrueAsync(async () => (await client.AskAsync("m", "again", kept.Id())).Status == 200, "the database is back");
            Assert.Equal(404, (await client.GetAsync(answer.Id())).Status);
        }
        finally
        {
            server.Stop();
        }
    }

    private static GatewaySite Site(MockUpstreamServer mock, string? database = null, int grace = 20)
    {
        var declaration = new GatewayDeclaration()
            .Provider("up", mock.OpenAIBaseUrl)
            .Model("m", ("up", "m"))
            .Model("gated", ("up", "gated"));
        declaration.Environment["SHUTDOWN_GRACE_SECONDS"] = grace.ToString();
        declaration.Environment["SECRET_KEY"] = "a-secret-key-that-two-replicas-share-0123456789";
        return new GatewaySite(declaration, database);
    }
}
