using AIHigress.MockUpstream.Answering;
using AIHigress.MockUpstream.OpenAI;
using AIHigress.MockUpstream.Scripting;
using AIHigress.MockUpstream.Sending;
using static AIHigress.MockUpstream.Sending.JsonText;

namespace AIHigress.MockUpstream.Responses;

/// <summary>What can be done with a response later: <c>/v1/responses/{id}</c> and below. Rules for the model <c>/responses</c> apply.</summary>
internal sealed class StoredResponsesEndpoint(MockState mock, ResponseStore store)
{
    private const string ScriptedAs = "/responses";
    private const int OrdinaryLimit = 20;

    private static readonly Script NoScript = new(new Behaviour());

    public async Task GetAsync(Exchange exchange, string id)
    {
        if (await FindAsync(exchange, id) is not { } response)
        {
            return;
        }

        var query = exchange.Context.Request.Query;
        if (query["stream"] == "true")
        {
            var after = int.TryParse(query["starting_after"], out var number) ? number : -1;
            await Answers.SendEventsAsync(exchange, NoScript, OpenAIErrors.Shape, [.. response.Events.Skip(after + 1)], n => ResponseAnswer.Error(NoScript.Behaviour, n));
            return;
        }

        response.Step(() => response.Gate is null || mock.Gates[response.Gate].TryPass());
        await ErrorAnswers.SendJsonAsync(exchange, 200, response.Body);
    }

    public async Task DeleteAsync(Exchange exchange, string id)
    {
        if (await FindAsync(exchange, id) is { } response)
        {
            store.Remove(response.Id);
            await ErrorAnswers.SendJsonAsync(exchange, 200, $$"""{"id":{{Quote(id)}},"object":"response","deleted":true}""");
        }
    }

    public async Task CancelAsync(Exchange exchange, string id)
    {
        if (await FindAsync(exchange, id) is not { } response)
        {
            return;
        }

        if (!response.IsBackground)
        {
            throw new RequestRefusedException(400, "Cannot cancel a synchronous response.");
        }

        response.Cancel();
        await ErrorAnswers.SendJsonAsync(exchange, 200, response.Body);
    }

    public async Task ListInputAsync(Exchange exchange, string id)
    {
        if (await FindAsync(exchange, id) is not { } response)
        {
            return;
        }

        var query = exchange.Context.Request.Query;
        var limit = int.TryParse(query["limit"], out var number) ? number : OrdinaryLimit;
        var items = query["order"] == "asc" ? response.Input() : [.. response.Input().Reverse()];
        var start = query["after"].ToString() is { Length: > 0 } after ? items.TakeWhile(item => item.Id != after).Count() + 1 : 0;
        var page = items.Skip(start).Take(limit).ToArray();
        await ErrorAnswers.SendJsonAsync(exchange, 200, Object(
            ("object", "\"list\""),
            ("data", Array(page.Select(item => item.Json))),
            ("first_id", Quote(page.FirstOrDefault().Id)),
            ("last_id", Quote(page.LastOrDefault().Id)),
            ("has_more", Bool(start + page.Length < items.Count))));
    }

    /// <summary>The response; null when the script had its say.</summary>
    private async Task<StoredResponse?> FindAsync(Exchange exchange, string id)
    {
        var script = mock.Scripts.ResolveExactly(ScriptedAs, exchange.Key);
        if (script is not null && !await ErrorAnswers.PrepareAsync(exchange, script, OpenAIErrors.Shape))
        {
            return null;
        }

        if (!mock.Accepts(exchange.Key))
        {
            throw new RequestRefusedException(OpenAIErrors.WrongKey);
        }

        return store.Find(id) ?? throw new RequestRefusedException(
            new MockError(404, $"Response with id '{id}' not found.") { Code = "response_not_found" });
    }
}
