using AIHigress.Gateway.Features.Responses.Background;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.MockUpstream.Control;
using AIHigress.MockUpstream.Scripting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AIHigress.Gateway.IntegrationTests.Responses;

/// <summary>Conversations by <c>previous_response_id</c>, whatever the upstream speaks.</summary>
public abstract class ConversationTests(ResponsesGateway gateway)
{
    public static TheoryData<string> Kinds => [.. ResponsesGateway.Kinds];

    private ResponsesClient Client => gateway.Client;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Create_ThreeTurns_TheUpstreamGetsTheWholeConversationOrItsOwnId(string kind)
    {
        var model = ResponsesGateway.ModelOf(kind, "turns");

        var first = await Client.AskAsync(model, "first words");
        Assert.Equal(200, first.Status);
        var second = await Client.AskAsync(model, "second words", first.Id());
        Assert.Equal(200, second.Status);
        var third = await Client.AskAsync(model, "third words", second.Id());

        Assert.Equal(200, third.Status);
        Assert.Equal($"answer of {kind}", third.Json.OutputText());
        Assert.Equal(second.Id(), third.Json.GetProperty("previous_response_id").GetString());
        var sent = gateway.Maker.Requests(model);
        Assert.Equal(3, sent.Count);
        if (kind == "openai_responses")
        {
            Assert.Contains($"\"previous_response_id\":\"{second.Id()}\"", sent[2].BodyText, StringComparison.Ordinal);
            Assert.DoesNotContain("first words", sent[2].BodyText, StringComparison.Ordinal);
        }
        else
        {
            AssertInOrder(sent[2].BodyText, "first words", $"answer of {kind}", "second words", $"answer of {kind}", "third words");
            Assert.DoesNotContain("previous_response_id", sent[2].BodyText, StringComparison.Ordinal);
        }

        var items = await Client.InputAsync(third.Id(), "?order=asc");
        Assert.Equal(["first words", $"answer of {kind}", "second words", $"answer of {kind}", "third words"], items.ItemTexts());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Create_Streamed_IsKeptBeforeItsLastByte(string kind)
    {
        var model = ResponsesGateway.ModelOf(kind, "stream");

        var events = await Client.StreamAsync(model, "streamed words");
        var response = events[^1].GetProperty("response");
        var kept = await Client.GetAsync(response.GetProperty("id").GetString()!);
        var next = await Client.StreamAsync(model, "more words", kept.Id());

        Assert.Equal("response.completed", events[^1].Type());
        Assert.Equal(200, kept.Status);
        Assert.Equal(response.GetRawText(), kept.Body);
        Assert.Equal($"answer of {kind}", next[^1].GetProperty("response").OutputText());
        if (kind != "openai_responses")
        {
            AssertInOrder(gateway.Maker.Requests(model)[^1].BodyText, "streamed words", $"answer of {kind}", "more words");
        }
    }

    [Fact]
    public async Task Create_FollowUpOfANativeResponse_GoesBackToTheKeyThatMadeIt()
    {
        var first = await Client.AskAsync("keyed", "pinned words");
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal(200, (await Client.AskAsync("keyed", $"more {i}", first.Id())).Status);
        }

        var keys = gateway.Maker.Requests("mock-ok").Where(r => r.Key!.Contains("keyed", StringComparison.Ordinal)).Select(r => r.Key).ToList();
        Assert.Equal(9, keys.Count);
        Assert.Single(keys.Distinct());
    }

    [Fact]
    public async Task Create_TheMakerIsDown_AnotherProviderGetsTheWholeConversation()
    {
        var first = await Client.AskAsync("leaving", "words before");
        Assert.Equal("over-openai-responses/leaving", first.ServedBy);
        gateway.Maker.Script("leaving", new Behaviour { Status = 500 });

        var second = await Client.AskAsync("leaving", "words after", first.Id());

        Assert.Equal("spare/leaving-to", second.ServedBy);
        AssertInOrder(gateway.Other.Requests("leaving-to").Single().BodyText, "words before", first.Json.OutputText(), "words after");
        Assert.All(gateway.Other.Requests(), r => Assert.DoesNotContain(first.Id(), r.BodyText, StringComparison.Ordinal));
        Assert.Equal(first.Id(), second.Json.GetProperty("previous_response_id").GetString());
    }

    [Fact]
    public async Task Create_TheMakerIsNoCandidate_AnotherOfTheSameKindGetsItemsAndNoId()
    {
        var first = await Client.AskAsync("forgetting", "words before");
        var second = await Excluding("over-openai-responses", "forgetting", "words after", first.Id());

        Assert.Equal((200, "spare-responses/forgetting-to"), (second.Status, second.ServedBy));
        var sent = gateway.Other.Requests("forgetting-to").Single().BodyText;
        AssertInOrder(sent, "words before", first.Json.OutputText(), "words after");
        Assert.DoesNotContain("previous_response_id", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_FollowUp_DoesNotInheritInstructions()
    {
        var model = ResponsesGateway.ModelOf("anthropic", "other");
        var first = await Client.AskAsync(model, "one", extra: """{"instructions":"Speak like a pirate."}""");

        Assert.Equal(200, (await Client.AskAsync(model, "two", first.Id())).Status);

        var sent = gateway.Maker.Requests(model);
        Assert.Contains("pirate", sent[^2].BodyText, StringComparison.Ordinal);
        Assert.DoesNotContain("pirate", sent[^1].BodyText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_StoreFalse_NothingIsKept()
    {
        var model = ResponsesGateway.ModelOf("openai", "native");
        var native = ResponsesGateway.ModelOf("openai_responses", "native");
        var rows = await gateway.InDatabaseAsync(db => db.Responses.CountAsync());

        var converted = await Client.AskAsync(model, "secret", extra: """{"store":false}""");
        var relayed = await Client.AskAsync(native, "secret", extra: """{"store":false}""");

        Assert.Equal((200, 200), (converted.Status, relayed.Status));
        Assert.Equal(404, (await Client.GetAsync(converted.Id())).Status);
        Assert.Equal(404, (await Client.GetAsync(relayed.Id())).Status);
        Assert.Equal(rows, await gateway.InDatabaseAsync(db => db.Responses.CountAsync()));
        Assert.Contains("\"store\":false", gateway.Maker.Requests(native)[^1].BodyText, StringComparison.Ordinal);
        Refused(await Client.AskAsync(model, "more", converted.Id()));
    }

    [Fact]
    public async Task Delete_Response_IsGoneForGetAndForFollowUps()
    {
        var model = ResponsesGateway.ModelOf("anthropic", "chain");
        var made = await Client.AskAsync(model, "to be deleted");
        var next = await Client.AskAsync(model, "later", made.Id());

        var deleted = await Client.DeleteAsync(made.Id());

        Assert.Equal($$"""{"id":"{{made.Id()}}","object":"response","deleted":true}""", deleted.Body);
        Assert.Equal((404, "response_not_found"), await StatusAsync(Client.GetAsync(made.Id())));
        Assert.Equal(404, (await Client.DeleteAsync(made.Id())).Status);
        Assert.Equal(404, (await Client.InputAsync(made.Id())).Status);
        Refused(await Client.AskAsync(model, "more", made.Id()));
        Assert.Equal(200, (await Client.AskAsync(model, "a later turn reads on", next.Id())).Status);
    }

    [Fact]
    public async Task Response_OfAnotherUser_DoesNotExist()
    {
        var model = ResponsesGateway.ModelOf("gemini", "chain");
        var made = await Client.AskAsync(model, "mine");

        Assert.Equal((404, "response_not_found"), await StatusAsync(gateway.Stranger.GetAsync(made.Id())));
        Assert.Equal(404, (await gateway.Stranger.InputAsync(made.Id())).Status);
        Assert.Equal(404, (await gateway.Stranger.DeleteAsync(made.Id())).Status);
        Assert.Equal(404, (await gateway.Stranger.CancelAsync(made.Id())).Status);
        Refused(await gateway.Stranger.AskAsync(model, "give me", made.Id()));
        Assert.Equal(200, (await Client.GetAsync(made.Id())).Status);
    }

    [Fact]
    public async Task Response_Expired_DoesNotExist()
    {
        var model = ResponsesGateway.ModelOf("openai", "chain");
        var made = await Client.AskAsync(model, "soon old");
        var row = await gateway.InDatabaseAsync(db => db.Responses.AsNoTracking().SingleAsync(r => r.Id == made.Id()));
        await gateway.InDatabaseAsync(db => db.Responses.Where(r => r.Id == made.Id()).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.ExpiresAt, DateTimeOffset.UnixEpoch.AddYears(50))));

        Assert.Equal(TimeSpan.FromDays(30), row.ExpiresAt - row.CreatedAt);
        Assert.Equal(404, (await Client.GetAsync(made.Id())).Status);
        Refused(await Client.AskAsync(model, "more", made.Id()));
        Assert.Equal(1, await gateway.Services.GetRequiredService<BackgroundResponses>().RemoveExpiredAsync(CancellationToken.None));
        Assert.False(await gateway.InDatabaseAsync(db => db.Responses.AnyAsync(r => r.Id == made.Id())));
    }

    [Fact]
    public async Task InputItems_PagedBothWays_HasEveryItemOnce()
    {
        var model = ResponsesGateway.ModelOf("openai", "chain");
        var first = await Client.AskAsync(model, "one");
        var second = await Client.AskAsync(model, "two", first.Id());

        var newest = await Client.InputAsync(second.Id(), "?limit=2");
        var rest = await Client.InputAsync(second.Id(), $"?limit=2&after={newest.Json.GetProperty("last_id").GetString()}");

        Assert.Equal(["two", "answer of openai"], newest.ItemTexts());
        Assert.True(newest.Json.GetProperty("has_more").GetBoolean());
        Assert.Equal(["one"], rest.ItemTexts());
        Assert.False(rest.Json.GetProperty("has_more").GetBoolean());
        foreach (var bad in (string[])["?limit=0", "?limit=101", "?limit=x", "?order=up", "?after=nothing"])
        {
            Assert.Equal(400, (await Client.InputAsync(second.Id(), bad)).Status);
        }
    }

    [Fact]
    public async Task Endpoints_WithoutAKey_Are401()
    {
        using var anonymous = new ResponsesClient(gateway.CreateClient(), "sk-nobody");

        Assert.Equal(401, (await anonymous.GetAsync("resp_x")).Status);
        Assert.Equal(401, (await anonymous.DeleteAsync("resp_x")).Status);
        Assert.Equal(401, (await anonymous.CancelAsync("resp_x")).Status);
        Assert.Equal(401, (await anonymous.InputAsync("resp_x")).Status);
        Assert.Equal(405, (await Client.SendAsync(HttpMethod.Put, "/v1/responses/resp_x", "{}")).Status);
    }

    [Fact]
    public async Task Create_PreviousOfNobody_Is400InOpenAIsWords()
    {
        var reply = await Client.AskAsync(ResponsesGateway.ModelOf("openai", "chain"), "x", "resp_unknown");

        Refused(reply);
        Assert.Equal("previous_response_id", reply.Error.GetProperty("param").GetString());
        Assert.Equal("invalid_request_error", reply.Error.GetProperty("type").GetString());
    }

    private static void Refused(ChatReply reply) => Assert.Equal((400, "previous_response_not_found"), (reply.Status, reply.ErrorCode));

    private static async Task<(int Status, string? Code)> StatusAsync(Task<ChatReply> reply)
    {
        var answer = await reply;
        return (answer.Status, answer.ErrorCode);
    }

    private static void AssertInOrder(string text, params string[] parts)
    {
        var from = 0;
        foreach (var part in parts)
        {
            var at = text.IndexOf(part, from, StringComparison.Ordinal);
            Assert.True(at >= 0, $"'{part}' is not in its place in {text}");
            from = at + part.Length;
        }
    }

    private async Task<ChatReply> Excluding(string provider, string model, string input, string previous)
    {
        using var http = gateway.CreateClient();
        http.DefaultRequestHeaders.Add("X-Route-Exclude", provider);
        using var client = new ResponsesClient(http, ResponsesGateway.Key);
        return await client.AskAsync(model, input, previous);
    }
}

[Collection(ResponsesOverSqlite.Name)]
public sealed class SqliteConversationTests(ResponsesOverSqlite gateway) : ConversationTests(gateway);

[Collection(ResponsesOverPostgres.Name)]
public sealed class PostgresConversationTests(ResponsesOverPostgres gateway) : ConversationTests(gateway);
