using AIHigress.MockUpstream.Answering;
using AIHigress.MockUpstream.Sending;

namespace AIHigress.MockUpstream.Anthropic;

/// <summary>
/// <c>POST /v1/messages/count_tokens</c>. Rules for the model <c>/count_tokens</c> apply to it; those of the model
/// itself do not, or counting would use up what is meant for the answers.
/// </summary>
internal sealed class CountTokensEndpoint(MockState mock)
{
    private const string ScriptedAs = "/count_tokens";

    public async Task HandleAsync(Exchange exchange)
    {
        var body = Incoming.Parse(exchange);
        exchange.RecordModel(body.Text("model"));
        AnthropicAccess.Check(exchange);
        var request = MessagesRequest.ReadForCounting(body);
        if (!mock.Knows(request.Model))
        {
            throw new RequestRefusedException(AnthropicErrors.UnknownModel(request.Model));
        }

        var script = mock.Scripts.ResolveExactly(ScriptedAs, exchange.Key) ?? mock.Scripts.Named(request.Model);
        if (await ErrorAnswers.PrepareAsync(exchange, script, AnthropicErrors.Shape))
        {
            var tokens = script.Behaviour.PromptTokens ?? request.Question.PromptTokens;
            await Answers.SendPlainAsync(exchange, script, AnthropicErrors.Shape, $$"""{"input_tokens":{{tokens}}}""");
        }
    }
}
