using System.Text.Json;
using AIHigress.MockUpstream.Answering;
using AIHigress.MockUpstream.Sending;

namespace AIHigress.MockUpstream.OpenAI;

/// <summary><c>POST /v1/completions</c>, the older way to ask for text.</summary>
internal sealed class CompletionsEndpoint(MockState mock)
{
    public async Task HandleAsync(Exchange exchange)
    {
        var body = Incoming.Parse(exchange);
        var model = OpenAIEndpoints.ModelOf(exchange, body);
        if (body.Get("messages") is not null)
        {
            throw new RequestRefusedException(new MockError(400, "Unrecognized request argument supplied: messages") { Param = "messages" });
        }

        if (body.Get("prompt") is not { ValueKind: JsonValueKind.String or JsonValueKind.Array } prompt)
        {
            throw new RequestRefusedException(new MockError(400, "'prompt' is missing.") { Code = "missing_required_parameter", Param = "prompt" });
        }

        var script = mock.Scripts.Resolve(model, exchange.Key);
        if (!await ErrorAnswers.PrepareAsync(exchange, script, OpenAIErrors.Shape))
        {
            return;
        }

        var question = new Question { MaxTokens = body.Number("max_tokens"), StopSequences = body.Texts("stop"), PromptTokens = Incoming.Tokens(prompt) };
        var answer = new CompletionAnswer(model, Reply.To(question, script.Behaviour), script.Behaviour, mock.Options.Name, mock.Traffic.NextAnswer());
        await (body.Flag("stream")
            ? Answers.SendEventsAsync(
                exchange,
                script,
                OpenAIErrors.Shape,
                [.. answer.Events(body.Get("stream_options")?.Flag("include_usage") == true).Select(data => new StreamEvent(data))],
                _ => new StreamEvent(OpenAIErrors.Shape.Json(MockError.Inside(script.Behaviour), exchange.RequestId)))
            : Answers.SendPlainAsync(exchange, script, OpenAIErrors.Shape, answer.Body()));
    }
}
