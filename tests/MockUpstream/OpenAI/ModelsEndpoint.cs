using AIHigress.MockUpstream.Scripting;
using AIHigress.MockUpstream.Sending;

namespace AIHigress.MockUpstream.OpenAI;

/// <summary><c>GET /v1/models</c> and <c>/v1/models/{id}</c>. Rules for the model <c>/models</c> apply to both.</summary>
internal sealed class ModelsEndpoint(MockState mock)
{
    private const string ScriptedAs = "/models";
    private const long Created = 1_700_000_000;

    public async Task HandleAsync(Exchange exchange, bool keyIsKnown, string id)
    {
        var script = mock.Scripts.ResolveExactly(ScriptedAs, exchange.Key);
        if (script is not null && (!await Prelude.PlayAsync(exchange, script.Behaviour) || OpenAIAnswers.TrySendScriptedError(exchange, script)))
        {
            return;
        }

        if (!keyIsKnown)
        {
            OpenAIAnswers.SendWrongKey(exchange);
        }
        else if (id.Length == 0)
        {
            OpenAIAnswers.Send(exchange, 200, $$"""{"object":"list","data":[{{string.Join(',', mock.Options.Models.Select(Model))}}]}""");
        }
        else if (mock.Options.Models.Contains(Uri.UnescapeDataString(id)) || ModelName.IsScript(id))
        {
            OpenAIAnswers.Send(exchange, 200, Model(Uri.UnescapeDataString(id)));
        }
        else
        {
            OpenAIAnswers.SendUnknownModel(exchange, id);
        }
    }

    private string Model(string id) =>
        $$"""{"id":{{OpenAIErrors.Text(id)}},"object":"model","created":{{Created}},"owned_by":{{OpenAIErrors.Text(mock.Options.Name)}}}""";
}
