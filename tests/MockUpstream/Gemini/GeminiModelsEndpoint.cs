using AIHigress.MockUpstream.Answering;
using AIHigress.MockUpstream.Scripting;
using AIHigress.MockUpstream.Sending;
using static AIHigress.MockUpstream.Sending.JsonText;

namespace AIHigress.MockUpstream.Gemini;

/// <summary><c>GET /v1beta/models</c> and <c>/v1beta/models/{id}</c>. Rules for the model <c>/models</c> apply to both.</summary>
internal sealed class GeminiModelsEndpoint(MockState mock)
{
    private const string ScriptedAs = "/models";
    private const int OrdinaryPage = 50;

    public async Task HandleAsync(Exchange exchange, string id)
    {
        var script = mock.Scripts.ResolveExactly(ScriptedAs, exchange.Key);
        if (script is not null && !await ErrorAnswers.PrepareAsync(exchange, script, GeminiErrors.Shape))
        {
            return;
        }

        GeminiEndpoints.CheckKey(exchange);
        if (id.Length == 0)
        {
            await ErrorAnswers.SendJsonAsync(exchange, 200, List(exchange.Context.Request.Query));
        }
        else if (mock.Options.Models.Contains(id) || ModelName.IsScript(id))
        {
            await ErrorAnswers.SendJsonAsync(exchange, 200, Model(id));
        }
        else
        {
            throw new RequestRefusedException(GeminiErrors.UnknownModel(id));
        }
    }

    /// <summary>A page token is the place where the page starts.</summary>
    private string List(IQueryCollection query)
    {
        var size = Math.Min(int.TryParse(query["pageSize"], out var wanted) && wanted > 0 ? wanted : OrdinaryPage, mock.Options.PageSize);
        var start = int.TryParse(query["pageToken"], out var token) ? token : 0;
        var next = start + size < mock.Options.Models.Count ? Quote((start + size).ToString()) : null;
        return Object(("models", Array(mock.Options.Models.Skip(start).Take(size).Select(Model))), ("nextPageToken", next));
    }

    private static string Model(string id) => Object(
        ("name", Quote($"models/{id}")),
        ("version", "\"001\""),
        ("displayName", Quote(id)),
        ("description", "\"A model of the mock\""),
        ("inputTokenLimit", "1048576"),
        ("outputTokenLimit", "65536"),
        ("supportedGenerationMethods", """["generateContent","countTokens"]"""));
}
