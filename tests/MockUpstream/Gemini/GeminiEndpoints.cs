using System.Diagnostics.CodeAnalysis;
using AIHigress.MockUpstream.Answering;
using AIHigress.MockUpstream.Sending;

namespace AIHigress.MockUpstream.Gemini;

/// <summary>Google's endpoints: models and what can be asked of one, under any path prefix.</summary>
internal sealed class GeminiEndpoints(MockState mock)
{
    private const string Models = "/models";

    private readonly GenerateEndpoint _generate = new(mock);
    private readonly GeminiModelsEndpoint _models = new(mock);

    /// <summary>Answers; false when this is none of Google's.</summary>
    public bool TryHandle(Exchange exchange, [NotNullWhen(true)] out Task? answer)
    {
        answer = null;
        var path = exchange.Context.Request.Path.Value!;
        var at = path.IndexOf(Models, StringComparison.Ordinal);
        if (at < 0)
        {
            return false;
        }

        var rest = path[(at + Models.Length)..];
        var colon = rest.LastIndexOf(':');
        if (rest.StartsWith('/') && colon > 0 && rest[(colon + 1)..] is "generateContent" or "streamGenerateContent" or "countTokens")
        {
            answer = CallAsync(exchange, Uri.UnescapeDataString(rest[1..colon]), rest[(colon + 1)..]);
            return true;
        }

        var isGoogles = path[..at].EndsWith("/v1beta", StringComparison.Ordinal) || path[..at].EndsWith("/v1alpha", StringComparison.Ordinal)
            || exchange.Context.Request.Headers.ContainsKey("x-goog-api-key");
        answer = isGoogles && (rest.Length == 0 || rest[0] == '/') ? ListAsync(exchange, Uri.UnescapeDataString(rest.TrimStart('/'))) : null;
        return answer is not null;
    }

    /// <exception cref="RequestRefusedException">The key is missing or wrong.</exception>
    public static void CheckKey(Exchange exchange)
    {
        if (!exchange.Mock.Accepts(exchange.Key))
        {
            throw new RequestRefusedException(exchange.Key.IsEmpty ? GeminiErrors.NoKey : GeminiErrors.WrongKey);
        }
    }

    private async Task CallAsync(Exchange exchange, string model, string operation)
    {
        var isArray = operation == "streamGenerateContent" && exchange.Context.Request.Query["alt"] != "sse";
        var errors = isArray ? GeminiErrors.ArrayShape : GeminiErrors.Shape;
        try
        {
            exchange.RecordModel(model);
            Demand(exchange, HttpMethods.Post);
            await (operation switch
            {
                "countTokens" => _generate.CountAsync(exchange, model),
                "generateContent" => _generate.HandleAsync(exchange, model),
                _ => _generate.StreamAsync(exchange, model, isArray),
            });
        }
        catch (RequestRefusedException e)
        {
            await ErrorAnswers.SendAsync(exchange, errors, e.Error);
        }
    }

    private async Task ListAsync(Exchange exchange, string model)
    {
        try
        {
            Demand(exchange, HttpMethods.Get);
            await _models.HandleAsync(exchange, model);
        }
        catch (RequestRefusedException e)
        {
            await ErrorAnswers.SendAsync(exchange, GeminiErrors.Shape, e.Error);
        }
    }

    private static void Demand(Exchange exchange, string method)
    {
        if (exchange.Context.Request.Method != method)
        {
            throw new RequestRefusedException(404, $"There is nothing at {exchange.Context.Request.Path} for {exchange.Context.Request.Method}.");
        }
    }
}
