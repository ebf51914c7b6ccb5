using System.Text.Json;
using AIHigress.MockUpstream.Answering;
using AIHigress.MockUpstream.Scripting;
using AIHigress.MockUpstream.Sending;

namespace AIHigress.MockUpstream.Gemini;

/// <summary><c>POST /v1beta/models/{id}:generateContent</c>, <c>:streamGenerateContent</c> and <c>:countTokens</c>.</summary>
internal sealed class GenerateEndpoint(MockState mock)
{
    public async Task HandleAsync(Exchange exchange, string model)
    {
        if (await AnswerToAsync(exchange, model, GeminiErrors.Shape) is var (script, answer))
        {
            await Answers.SendPlainAsync(exchange, script, GeminiErrors.Shape, answer.Body());
        }
    }

    /// <summary>Streams server-sent events, or the elements of a JSON array.</summary>
    public async Task StreamAsync(Exchange exchange, string model, bool isArray)
    {
        var errors = isArray ? GeminiErrors.ArrayShape : GeminiErrors.Shape;
        if (await AnswerToAsync(exchange, model, errors) is not var (script, answer))
        {
            return;
        }

        var error = new StreamEvent(GeminiErrors.Shape.Json(MockError.Inside(script.Behaviour), exchange.RequestId));
        if (!isArray || script.Behaviour.Garbage == "html")
        {
            await Answers.SendEventsAsync(exchange, script, errors, answer.Chunks(), _ => error);
            return;
        }

        var defects = new ContentDefects(script.Behaviour, "application/json");
        await Answers.SendFramesAsync(exchange, script, defects.Type, ArrayFraming.Frames(script.Behaviour, defects.Break(answer.Chunks(), chunk => chunk.Data, _ => error)));
    }

    /// <summary>Counts the tokens; the model's rules do not apply, or counting would use them up. Those for <c>/count_tokens</c> do.</summary>
    public async Task CountAsync(Exchange exchange, string model)
    {
        var body = Read(exchange, model);
        var asked = body.Either("generateContentRequest") ?? body;
        var question = GenerateRequest.Read(asked);
        var script = mock.Scripts.ResolveExactly("/count_tokens", exchange.Key) ?? mock.Scripts.Named(model);
        if (await ErrorAnswers.PrepareAsync(exchange, script, GeminiErrors.Shape))
        {
            var tokens = script.Behaviour.PromptTokens ?? question.PromptTokens;
            await Answers.SendPlainAsync(
                exchange, script, GeminiErrors.Shape, $$"""{"totalTokens":{{tokens}},"promptTokensDetails":[{"modality":"TEXT","tokenCount":{{tokens}}}]}""");
        }
    }

    private async Task<(Script, GenerateAnswer)?> AnswerToAsync(Exchange exchange, string model, IErrorShape errors)
    {
        var question = GenerateRequest.Read(Read(exchange, model));
        var script = mock.Scripts.Resolve(model, exchange.Key);
        return await ErrorAnswers.PrepareAsync(exchange, script, errors)
            ? (script, new GenerateAnswer(model, Reply.To(question, script.Behaviour), script.Behaviour, mock.Options.Name, mock.Traffic.NextAnswer()))
            : null;
    }

    private JsonElement Read(Exchange exchange, string model)
    {
        var body = Incoming.Parse(exchange);
        GeminiEndpoints.CheckKey(exchange);
        return mock.Knows(model) ? body : throw new RequestRefusedException(GeminiErrors.UnknownModel(model));
    }
}
