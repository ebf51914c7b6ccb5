using AIHigress.MockUpstream.Sending;

namespace AIHigress.MockUpstream.OpenAI;

/// <summary>OpenAI's endpoints, under any path prefix (providers differ in it; the journal tells which was used).</summary>
internal sealed class OpenAIEndpoints(MockState mock)
{
    private const string ChatPath = "/v1/chat/completions";
    private const string ModelsPath = "/models";

    private readonly ChatEndpoint _chat = new(mock);
    private readonly ModelsEndpoint _models = new(mock);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _keys =
        mock.Options.ApiKeys.ToHashSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    public Task HandleAsync(Exchange exchange)
    {
        var request = exchange.Context.Request;
        var path = request.Path.Value!;
        if (path == ChatPath || path.EndsWith("/chat/completions", StringComparison.Ordinal))
        {
            return request.Method == HttpMethods.Post ? _chat.HandleAsync(exchange, IsKnown(exchange.Key)) : WrongMethod(exchange);
        }

        var at = path.LastIndexOf(ModelsPath, StringComparison.Ordinal);
        if (at < 0 || (at + ModelsPath.Length < path.Length && path[at + ModelsPath.Length] != '/'))
        {
            return OpenAIAnswers.SendAsync(exchange, 404, OpenAIErrors.Body($"There is nothing at {path}.", "invalid_request_error", "unknown_url"));
        }

        if (request.Method != HttpMethods.Get)
        {
            return WrongMethod(exchange);
        }

        return _models.HandleAsync(exchange, IsKnown(exchange.Key), path[(at + ModelsPath.Length)..].TrimStart('/'));
    }

    private bool IsKnown(ReadOnlySpan<char> key) => mock.Options.ApiKeys.Count == 0 || _keys.Contains(key);

    private static Task WrongMethod(Exchange exchange) => OpenAIAnswers.SendAsync(
        exchange, 405, OpenAIErrors.Body($"{exchange.Context.Request.Method} is not allowed here.", "invalid_request_error", "method_not_supported"));
}
