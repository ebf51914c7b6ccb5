using AIHigress.MockUpstream.Answering;
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
        if (script is not null && (!await Prelude.PlayAsync(exchange, script.Behaviour) || await ErrorAnswers.TrySendScriptedAsync(exchange, script, OpenAIErrors.Shape)))
        {
            return;
        }

        if (!keyIsKnown)
        {
            await ErrorAnswers.SendAsync(exchange, OpenAIErrors.Shape, OpenAIErrors.WrongKey);
        }
        else if (id.Length == 0)
        {
            await ErrorAnswers.SendJsonAsync(exchange, 200, $$"""{"object":"list","data":[{{string.Join(',', mock.Options.Models.Select(Model))}}]}""");
        }
        else if (mock.Options.Models.Contains(Uri.UnescapeDataString(id)) || ModelName.IsScript(id))
        {
            await ErrorAnswers.SendJsonAsync(exchange, 200, Model(Uri.UnescapeDataString(id)));
        }
        else
        {
            await ErrorAnswers.SendAsync(exchange, OpenAIErrors.Shape, OpenAIErrors.UnknownModel(id));
        }
    }

    private string Model(string id) =>
        $$"""{"id":{{JsonText.Quote(id)}},"object":"model","created":{{Created}},"owned_by":{{JsonText.Quote(mock.Options.Name)}}}""";
}
