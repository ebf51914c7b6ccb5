using System.Text;
using System.Text.Json;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream.Scripting;
using AIHigress.TestKit;
using AIHigress.TestKit.Grammar;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.IntegrationTests.Responses;

/// <summary>Responses that run in the background.</summary>
public abstract class BackgroundTests(ResponsesGateway gateway)
{
    private const string Background = """{"background":true}""";

    public static TheoryData<string> Kinds => [.. ResponsesGateway.Kinds];

    private ResponsesClient Client => gateway.Client;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Create_InTheBackground_IsQueuedThenPolledToItsEnd(string kind)
    {
        var model = ResponsesGateway.ModelOf(kind, "job");

        var queued = await Client.AskAsync(model, "work on it", extra: Background);
        var done = await EndOfAsync(queued.Id());

        Assert.Equal(("queued", true), (queued.Json.Status(), queued.Json.GetProperty("background").GetBoolean()));
        Assert.Equal(("completed", true), (done.Json.Status(), done.Json.GetProperty("background").GetBoolean()));
        Assert.Equal((queued.Id(), $"answer of {kind}"), (done.Id(), done.Json.OutputText()));
        var stream = await Client.SendAsync(HttpMethod.Get, $"/v1/responses/{queued.Id()}?stream=true");
        Assert.Equal($"answer of {kind}", TextOf(new ResponsesGrammar().Stream(Encoding.UTF8.GetBytes(stream.Body))));
        Assert.Equal($"answer of {kind}", TextOf(new ResponsesGrammar().Plain(Encoding.UTF8.GetBytes(done.Body))));
        var sent = gateway.Maker.Requests(model).Single();
        Assert.DoesNotContain("background", sent.BodyText, StringComparison.Ordinal);

        var next = await Client.AskAsync(model, "and then", queued.Id());
        Assert.Equal(200, next.Status);
        var again = gateway.Maker.Requests(model)[^1].BodyText;
        Assert.Contains("work on it", again, StringComparison.Ordinal);
        Assert.Contains($"answer of {kind}", again, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_InTheBackground_IsLoggedOnceAsAnyRequest()
    {
        var model = ResponsesGateway.ModelOf("openai", "logged");
        var before = await LoggedAsync(model);

        await EndOfAsync((await Client.AskAsync(model, "count me", extra: Background)).Id());
        await Eventually.TrueAsync(async () => await LoggedAsync(model) > before, "the run is logged");

        Assert.Equal(before + 1, await LoggedAsync(model));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Create_InTheBackgroundStreamed_TheClientLeavesAndReadsOnWithoutAGap(string kind)
    {
        var model = ResponsesGateway.ModelOf(kind, "gated");
        using var leaving = new CancellationTokenSource();
        var opened = Client.OpenAsync(model, "take your time", null, """{"background":true,"stream":true}""", leaving.Token);
        using var response = await opened;
        await using var body = await response.Content.ReadAsStreamAsync(leaving.Token);
        gateway.Maker.Release(model, 10);
        var seen = new List<JsonElement>();
        await foreach (var data in ChatClient.EventsAsync(body, leaving.Token))
        {
            seen.Add(JsonDocument.Parse(data).RootElement);
            if (seen.Count == 2)
            {
                break;
            }
        }

        await leaving.CancelAsync();
        gateway.Maker.Release(model, 1000);
        var id = seen[0].GetProperty("response").GetProperty("id").GetString()!;
        var rest = await Client.FollowAsync(id, after: 1);

        Assert.Equal("response.created", seen[0].Type());
        Assert.Equal("response.completed", rest[^1].Type());
        Assert.Equal(Enumerable.Range(2, rest.Count).Select(n => (long)n), rest.Numbers());
        Assert.Equal("completed", (await Client.GetAsync(id)).Json.Status());

        // Once more, now from storage alone.
        var all = await Client.FollowAsync(id);
        Assert.Equal(Enumerable.Range(0, all.Count).Select(n => (long)n), all.Numbers());
        Assert.Equal(rest.Select(e => e.GetRawText()), all.Skip(2).Select(e => e.GetRawText()));
        Assert.All(all.Where(e => e.TryGetProperty("response", out _)), e => Assert.Equal(id, e.GetProperty("response").GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Cancel_Running_EndsItAtOnceAtTheUpstreamToo()
    {
        var model = ResponsesGateway.ModelOf("anthropic", "cancelled");
        gateway.Maker.Script(model, new Behaviour { Gate = model, Chunks = 4 }, times: 1);
        var canceled = gateway.Maker.Stats.Canceled;
        var queued = await Client.AskAsync(model, "never mind", extra: Background);
        gateway.Maker.Release(model, 3);
        await gateway.Maker.WaitForGateAsync(model, minSent: 3, minWaiting: 1);

        var cancelled = await Client.CancelAsync(queued.Id());

        Assert.Equal((200, "cancelled"), (cancelled.Status, cancelled.Json.Status()));
        await gateway.Maker.WaitForCanceledAsync(canceled + 1);
        var events = await Client.FollowAsync(queued.Id());
        Assert.Equal("response.cancelled", events[^1].Type());
        Assert.Equal("cancelled", (await Client.GetAsync(queued.Id())).Json.Status());
        Assert.Equal(cancelled.Body, (await Client.CancelAsync(queued.Id())).Body);
    }

    [Fact]
    public async Task Cancel_Finished_GivesItAsItIs()
    {
        var queued = await Client.AskAsync(ResponsesGateway.ModelOf("gemini", "other"), "quick", extra: Background);
        var done = await EndOfAsync(queued.Id());

        Assert.Equal(done.Body, (await Client.CancelAsync(queued.Id())).Body);
    }

    [Fact]
    public async Task Cancel_NotInTheBackground_Is400()
    {
        var made = await Client.AskAsync(ResponsesGateway.ModelOf("openai", "other"), "plain");

        Assert.Equal((400, 400), ((await Client.CancelAsync(made.Id())).Status, (await Client.SendAsync(HttpMethod.Get, $"/v1/responses/{made.Id()}?stream=true")).Status));
    }

    [Fact]
    public async Task Create_InTheBackground_RefusesWhatCanNotBeKeptOrServed()
    {
        var model = ResponsesGateway.ModelOf("openai", "other");

        var unkept = await Client.AskAsync(model, "x", extra: """{"background":true,"store":false}""");
        var unknown = await Client.AskAsync("no-such-model", "x", extra: Background);
        var orphan = await Client.AskAsync(model, "x", "resp_unknown", Background);

        Assert.Equal((400, "background"), (unkept.Status, unkept.Error.GetProperty("param").GetString()));
        Assert.Equal((404, "model_not_found"), (unknown.Status, unknown.ErrorCode));
        Assert.Equal((400, "previous_response_not_found"), (orphan.Status, orphan.ErrorCode));
    }

    [Fact]
    public async Task Create_InTheBackground_TheUpstreamFails_TheResponseIsFailedWithTheReason()
    {
        var model = ResponsesGateway.ModelOf("openai", "failing");
        gateway.Maker.Script(model, new Behaviour { Status = 400, ErrorMessage = "This prompt is too long." }, times: 1);

        var queued = await Client.AskAsync(model, "too much", extra: Background);
        var failed = await EndOfAsync(queued.Id());

        Assert.Equal("failed", failed.Json.Status());
        Assert.Contains("This prompt is too long.", failed.Json.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("response.failed", (await Client.FollowAsync(queued.Id()))[^1].Type());
    }

    [Fact]
    public async Task Delete_Running_StopsIt()
    {
        var model = ResponsesGateway.ModelOf("gemini", "deleted");
        gateway.Maker.Script(model, new Behaviour { Gate = "deleted-run", Chunks = 4 }, times: 1);
        var canceled = gateway.Maker.Stats.Canceled;
        var queued = await Client.AskAsync(model, "forget it", extra: Background);
        await gateway.Maker.WaitForGateAsync("deleted-run", minWaiting: 1);

        Assert.Equal(200, (await Client.DeleteAsync(queued.Id())).Status);

        await gateway.Maker.WaitForCanceledAsync(canceled + 1);
        Assert.Equal(404, (await Client.GetAsync(queued.Id())).Status);
    }

    [Fact]
    public async Task Run_Abandoned_IsFailedByTheUpkeep()
    {
        var model = ResponsesGateway.ModelOf("openai", "other");
        var queued = await Client.AskAsync(model, "lost", extra: Background);
        await EndOfAsync(queued.Id());

        // As a server that died left it.
        await gateway.InDatabaseAsync(db => db.ResponseEvents.Where(e => e.ResponseId == queued.Id() && e.First > 0).ExecuteDeleteAsync());
        await gateway.InDatabaseAsync(db => db.Responses.Where(r => r.Id == queued.Id()).ExecuteUpdateAsync(set => set
            .SetProperty(r => r.State, Features.Responses.ResponseState.InProgress)
            .SetProperty(r => r.EventsComplete, false)
            .SetProperty(r => r.Owner, "gone")
            .SetProperty(r => r.LeaseUntil, DateTimeOffset.UnixEpoch.AddYears(50))));
        var events = await Client.FollowAsync(queued.Id());

        Assert.Equal("response.failed", events[^1].Type());
        Assert.Equal(Enumerable.Range(0, events.Count).Select(n => (long)n), events.Numbers());
        Assert.Equal("failed", (await Client.GetAsync(queued.Id())).Json.Status());
    }

    private static string TextOf(SeenAnswer answer) => string.Concat(answer.Choices[0].Parts.Where(p => p.Kind == SeenKind.Text).Select(p => p.Text));

    private async Task<ChatReply> EndOfAsync(string id)
    {
        ChatReply? reply = null;
        await Eventually.TrueAsync(
            async () => (reply = await Client.GetAsync(id)).Status != 200 || reply.Json.Status() is not ("queued" or "in_progress"), $"{id} ends");
        Assert.Equal(200, reply!.Status);
        return reply;
    }

    private Task<int> LoggedAsync(string model) => gateway.InDatabaseAsync(db => db.RequestLogs.CountAsync(r => r.RequestedModel == model && r.Endpoint == "/v1/responses"));
}

[Collection(ResponsesOverSqlite.Name)]
public sealed class SqliteBackgroundTests(ResponsesOverSqlite gateway) : BackgroundTests(gateway);

[Collection(ResponsesOverPostgres.Name)]
public sealed class PostgresBackgroundTests(ResponsesOverPostgres gateway) : BackgroundTests(gateway);
