using AIHigress.MockUpstream.Answering;
using AIHigress.MockUpstream.Scripting;
using AIHigress.MockUpstream.Sending;
using static AIHigress.MockUpstream.Sending.JsonText;

namespace AIHigress.MockUpstream.Anthropic;

/// <summary><c>GET /v1/models</c> and <c>/v1/models/{id}</c> in Anthropic's shape. Rules for the model <c>/models</c> apply to both.</summary>
internal sealed class AnthropicModelsEndpoint(MockState mock)
{
    private const string ScriptedAs = "/models";
    private const int OrdinaryLimit = 20;

    public async Task HandleAsync(Exchange exchange, string id)
    {
        var script = mock.Scripts.ResolveExactly(ScriptedAs, exchange.Key);
        if (script is not null && !await ErrorAnswers.PrepareAsync(exchange, script, AnthropicErrors.Shape))
        {
            return;
        }

        AnthropicAccess.Check(exchange);
        if (id.Length == 0)
        {
            await ErrorAnswers.SendJsonAsync(exchange, 200, List(exchange.Context.Request.Query));
        }
        else if (mock.Options.Models.Contains(Uri.UnescapeDataString(id)) || ModelName.IsScript(id))
        {
            await ErrorAnswers.SendJsonAsync(exchange, 200, Model(Uri.UnescapeDataString(id)));
        }
        else
        {
            throw new RequestRefusedException(AnthropicErrors.UnknownModel(id));
        }
    }

    private string List(IQueryCollection query)
    {
        var limit = Math.Min(int.TryParse(query["limit"], out var number) ? number : OrdinaryLimit, mock.Options.PageSize);
        var models = mock.Options.Models.ToArray();
        var start = models.IndexOf(query["after_id"].ToString()) + 1;
        var end = models.IndexOf(query["before_id"].ToString()) is var before and >= 0 ? before : models.Length;
        var page = models[start..Math.Max(start, end)];
        var hasMore = page.Length > limit;
        page = hasMore ? page[..limit] : page;
        return Object(
            ("data", Array(page.Select(Model))),
            ("has_more", Bool(hasMore)),
            ("first_id", Quote(page.FirstOrDefault())),
            ("last_id", Quote(page.LastOrDefault())));
    }

    private static string Model(string id) =>
        $$"""{"type":"model","id":{{Quote(id)}},"display_name":{{Quote(id)}},"created_at":"2023-11-14T22:13:20Z"}""";
}
