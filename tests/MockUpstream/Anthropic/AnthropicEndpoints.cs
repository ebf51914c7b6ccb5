using System.Diagnostics.CodeAnalysis;
using AIHigress.MockUpstream.Answering;
using AIHigress.MockUpstream.Sending;

namespace AIHigress.MockUpstream.Anthropic;

/// <summary>
/// Anthropic's endpoints, under any path prefix. The model list shares its address with OpenAI's: who asks with
/// Anthropic's headers gets Anthropic's.
/// </summary>
internal sealed class AnthropicEndpoints(MockState mock)
{
    private const string Messages = "/messages";
    private const string CountTokens = "/messages/count_tokens";
    private const string Models = "/v1/models";

    private readonly MessagesEndpoint _messages = new(mock);
    private readonly CountTokensEndpoint _countTokens = new(mock);
    private readonly AnthropicModelsEndpoint _models = new(mock);

    /// <summary>Answers; false when this is none of Anthropic's.</summary>
    public bool TryHandle(Exchange exchange, [NotNullWhen(true)] out Task? answer)
    {
        var request = exchange.Context.Request;
        var path = request.Path.Value!;
        if (path.EndsWith(Messages, StringComparison.Ordinal))
        {
            answer = HandleAsync(exchange, HttpMethods.Post, _messages.HandleAsync);
            return true;
        }

        if (path.EndsWith(CountTokens, StringComparison.Ordinal))
        {
            answer = HandleAsync(exchange, HttpMethods.Post, _countTokens.HandleAsync);
            return true;
        }

        var at = path.LastIndexOf(Models, StringComparison.Ordinal);
        var isModels = at >= 0 && (at + Models.Length == path.Length || path[at + Models.Length] == '/')
            && (request.Headers.ContainsKey(AnthropicAccess.VersionHeader) || request.Headers.ContainsKey("x-api-key"));
        answer = isModels ? HandleAsync(exchange, HttpMethods.Get, e => _models.HandleAsync(e, path[(at + Models.Length)..].TrimStart('/'))) : null;
        return answer is not null;
    }

    private static async Task HandleAsync(Exchange exchange, string method, Func<Exchange, Task> handle)
    {
        exchange.RequestIdHeader = "request-id";
        try
        {
            await (exchange.Context.Request.Method == method
                ? handle(exchange)
                : throw new RequestRefusedException(405, "Method Not Allowed"));
        }
        catch (RequestRefusedException e)
        {
            await ErrorAnswers.SendAsync(exchange, AnthropicErrors.Shape, e.Error);
        }
    }
}
