using AIHigress.MockUpstream.Answering;
using AIHigress.MockUpstream.Sending;

namespace AIHigress.MockUpstream.Anthropic;

/// <summary><c>POST /v1/messages</c>.</summary>
internal sealed class MessagesEndpoint(MockState mock)
{
    public async Task HandleAsync(Exchange exchange)
    {
        var body = Incoming.Parse(exchange);
        exchange.RecordModel(body.Text("model"));
        AnthropicAccess.Check(exchange);
        var request = MessagesRequest.Read(body);
        if (!mock.Knows(request.Model))
        {
            throw new RequestRefusedException(AnthropicErrors.UnknownModel(request.Model));
        }

        var script = mock.Scripts.Resolve(request.Model, exchange.Key);
        if (!await ErrorAnswers.PrepareAsync(exchange, script, AnthropicErrors.Shape))
        {
            return;
        }

        var reply = Reply.To(request.Question, script.Behaviour);
        var answer = new MessageAnswer(request, reply, script.Behaviour, mock.Options.Name, mock.Traffic.NextAnswer());
        await (request.Stream
            ? Answers.SendEventsAsync(exchange, script, AnthropicErrors.Shape, [.. answer.Events()], _ => Error(exchange, script.Behaviour))
            : Answers.SendPlainAsync(exchange, script, AnthropicErrors.Shape, answer.Body()));
    }

    private static StreamEvent Error(Exchange exchange, Scripting.Behaviour behaviour) =>
        new(AnthropicErrors.Shape.Json(MockError.Inside(behaviour), exchange.RequestId), "error");
}
