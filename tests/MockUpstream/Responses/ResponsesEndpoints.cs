using System.Diagnostics.CodeAnalysis;
using AIHigress.MockUpstream.Answering;
using AIHigress.MockUpstream.OpenAI;
using AIHigress.MockUpstream.Sending;

namespace AIHigress.MockUpstream.Responses;

/// <summary>OpenAI's Responses endpoints, under any path prefix.</summary>
internal sealed class ResponsesEndpoints
{
    private const string Root = "/responses";

    private readonly CreateResponseEndpoint _create;
    private readonly StoredResponsesEndpoint _stored;

    public ResponsesEndpoints(MockState mock)
    {
        var store = new ResponseStore();
        _create = new CreateResponseEndpoint(mock, store);
        _stored = new StoredResponsesEndpoint(mock, store);
    }

    /// <summary>Answers; false when this is none of the Responses endpoints.</summary>
    public bool TryHandle(Exchange exchange, [NotNullWhen(true)] out Task? answer)
    {
        var path = exchange.Context.Request.Path.Value!;
        var at = path.LastIndexOf(Root, StringComparison.Ordinal);
        if (at < 0 || (at + Root.Length < path.Length && path[at + Root.Length] != '/'))
        {
            answer = null;
            return false;
        }

        answer = HandleAsync(exchange, path[(at + Root.Length)..].Split('/', StringSplitOptions.RemoveEmptyEntries));
        return true;
    }

    private async Task HandleAsync(Exchange exchange, string[] rest)
    {
        try
        {
            await ((exchange.Context.Request.Method, rest) switch
            {
                ("POST", []) => _create.HandleAsync(exchange),
                ("POST", ["input_tokens"]) => _create.CountAsync(exchange),
                ("GET", [var id]) => _stored.GetAsync(exchange, id),
                ("DELETE", [var id]) => _stored.DeleteAsync(exchange, id),
                ("POST", [var id, "cancel"]) => _stored.CancelAsync(exchange, id),
                ("GET", [var id, "input_items"]) => _stored.ListInputAsync(exchange, id),
                _ => throw new RequestRefusedException(new MockError(405, "There is no such operation on responses.") { Code = "method_not_supported" }),
            });
        }
        catch (RequestRefusedException e)
        {
            await ErrorAnswers.SendAsync(exchange, OpenAIErrors.Shape, e.Error);
        }
    }
}
