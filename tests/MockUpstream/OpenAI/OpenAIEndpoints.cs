using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using AIHigress.MockUpstream.Answering;
using AIHigress.MockUpstream.Sending;

namespace AIHigress.MockUpstream.OpenAI;

/// <summary>OpenAI's endpoints, under any path prefix (providers differ in it; the journal tells which was used).</summary>
internal sealed class OpenAIEndpoints(MockState mock)
{
    private const string ChatPath = "/v1/chat/completions";
    private const string ModelsPath = "/models";

    private readonly ChatEndpoint _chat = new(mock);
    private readonly ModelsEndpoint _models = new(mock);
    private readonly EmbeddingsEndpoint _embeddings = new(mock);
    private readonly CompletionsEndpoint _completions = new(mock);

    /// <summary>Answers; false when this is no chat. Load asks for nothing else, so this comes before the other protocols.</summary>
    public bool TryChat(Exchange exchange, [NotNullWhen(true)] out Task? answer)
    {
        var request = exchange.Context.Request;
        var path = request.Path.Value!;
        if (path != ChatPath && !path.EndsWith("/chat/completions", StringComparison.Ordinal))
        {
            answer = null;
            return false;
        }

        answer = request.Method == HttpMethods.Post ? _chat.HandleAsync(exchange, mock.Accepts(exchange.Key)) : WrongMethod(exchange);
        return true;
    }

    /// <summary>Answers what is no chat and of no other protocol.</summary>
    public Task HandleAsync(Exchange exchange)
    {
        var request = exchange.Context.Request;
        var path = request.Path.Value!;
        if (path.EndsWith("/embeddings", StringComparison.Ordinal) || path.EndsWith("/completions", StringComparison.Ordinal))
        {
            return PostAsync(exchange, path.EndsWith("/completions", StringComparison.Ordinal) ? _completions.HandleAsync : _embeddings.HandleAsync);
        }

        var at = path.LastIndexOf(ModelsPath, StringComparison.Ordinal);
        if (at < 0 || (at + ModelsPath.Length < path.Length && path[at + ModelsPath.Length] != '/'))
        {
            return ErrorAnswers.SendAsync(exchange, OpenAIErrors.Shape, new MockError(404, $"There is nothing at {path}.") { Code = "unknown_url" });
        }

        if (request.Method != HttpMethods.Get)
        {
            return WrongMethod(exchange);
        }

        return _models.HandleAsync(exchange, mock.Accepts(exchange.Key), path[(at + ModelsPath.Length)..].TrimStart('/'));
    }

    /// <summary>The model that a request may ask, noted in the journal.</summary>
    /// <exception cref="RequestRefusedException">The key or the model is missing or wrong.</exception>
    public static string ModelOf(Exchange exchange, JsonElement body)
    {
        var model = body.Text("model");
        exchange.RecordModel(model);
        if (!exchange.Mock.Accepts(exchange.Key))
        {
            throw new RequestRefusedException(OpenAIErrors.WrongKey);
        }

        if (model is null)
        {
            throw new RequestRefusedException(new MockError(400, "'model' is missing.") { Code = "missing_required_parameter", Param = "model" });
        }

        return exchange.Mock.Knows(model) ? model : throw new RequestRefusedException(OpenAIErrors.UnknownModel(model));
    }

    private static async Task PostAsync(Exchange exchange, Func<Exchange, Task> handle)
    {
        if (exchange.Context.Request.Method != HttpMethods.Post)
        {
            await WrongMethod(exchange);
            return;
        }

        try
        {
            await handle(exchange);
        }
        catch (RequestRefusedException e)
        {
            await ErrorAnswers.SendAsync(exchange, OpenAIErrors.Shape, e.Error);
        }
    }

    private static Task WrongMethod(Exchange exchange) => ErrorAnswers.SendAsync(
        exchange, OpenAIErrors.Shape, new MockError(405, $"{exchange.Context.Request.Method} is not allowed here.") { Code = "method_not_supported" });
}
