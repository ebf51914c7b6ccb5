using AIHigress.MockUpstream.Answering;
using AIHigress.MockUpstream.OpenAI;
using AIHigress.MockUpstream.Scripting;
using AIHigress.MockUpstream.Sending;

namespace AIHigress.MockUpstream.Responses;

/// <summary><c>POST /v1/responses</c> and <c>/v1/responses/input_tokens</c>.</summary>
internal sealed class CreateResponseEndpoint(MockState mock, ResponseStore store)
{
    public async Task HandleAsync(Exchange exchange)
    {
        var request = Read(exchange);
        var script = mock.Scripts.Resolve(request.Model, exchange.Key);
        if (!await ErrorAnswers.PrepareAsync(exchange, script, OpenAIErrors.Shape))
        {
            return;
        }

        var reply = Reply.To(request.Question, script.Behaviour);
        var answer = new ResponseAnswer(request, reply, script.Behaviour, mock.Options.Name, mock.Traffic.NextAnswer());
        if (request.Store)
        {
            store.Add(new StoredResponse(request, answer, script.Behaviour.Gate));
        }

        if (request.Stream)
        {
            await Answers.SendEventsAsync(exchange, script, OpenAIErrors.Shape, answer.Events(), number => ResponseAnswer.Error(script.Behaviour, number));
        }
        else if (request.Background)
        {
            // The gate holds the response back, not the word that it is queued.
            var ungated = new Script(script.Behaviour with { Gate = null, ErrorAfter = null });
            await Answers.SendPlainAsync(exchange, ungated, OpenAIErrors.Shape, answer.Body("queued"));
        }
        else
        {
            await Answers.SendPlainAsync(exchange, script, OpenAIErrors.Shape, answer.Body());
        }
    }

    /// <summary>Counts the input's tokens; the model's rules do not apply, or counting would use them up.</summary>
    public Task CountAsync(Exchange exchange)
    {
        var request = Read(exchange);
        var tokens = mock.Scripts.Named(request.Model).Behaviour.PromptTokens ?? request.Question.PromptTokens;
        return ErrorAnswers.SendJsonAsync(exchange, 200, $$"""{"object":"response.input_tokens","input_tokens":{{tokens}}}""");
    }

    private ResponsesRequest Read(Exchange exchange)
    {
        var body = Incoming.Parse(exchange);
        exchange.RecordModel(body.Text("model"));
        if (!mock.Accepts(exchange.Key))
        {
            throw new RequestRefusedException(OpenAIErrors.WrongKey);
        }

        var request = ResponsesRequest.Read(body, store, mock.Options.Name);
        return mock.Knows(request.Model) ? request : throw new RequestRefusedException(OpenAIErrors.UnknownModel(request.Model));
    }
}
