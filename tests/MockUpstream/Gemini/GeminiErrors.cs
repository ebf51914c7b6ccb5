using AIHigress.MockUpstream.Answering;
using static AIHigress.MockUpstream.Sending.JsonText;

namespace AIHigress.MockUpstream.Gemini;

/// <summary>Errors in Google's shape.</summary>
internal sealed class GeminiErrors : IErrorShape
{
    public static IErrorShape Shape { get; } = new GeminiErrors();

    /// <summary>The shape of a stream that is a JSON array.</summary>
    public static IErrorShape ArrayShape { get; } = new InArray();

    public static MockError WrongKey { get; } = new(400, "API key not valid. Please pass a valid API key.") { Code = "API_KEY_INVALID" };

    public static MockError NoKey { get; } = new(403, "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.");

    public static MockError UnknownModel(string model) =>
        new(404, $"models/{model} is not found for API version v1beta, or is not supported for generateContent.");

    public string Json(MockError error, string requestId)
    {
        var code = error.NumericCode ?? error.Status;
        string[] details = [.. Details(error)];
        return Object(("error", Object(
            ("code", code.ToString()),
            ("message", Quote(error.Message)),
            ("status", Quote(error.Type ?? StatusOf(code))),
            ("details", details.Length == 0 ? null : Array(details)))));
    }

    private static IEnumerable<string> Details(MockError error)
    {
        if (error.Code is { } reason)
        {
            yield return $$"""{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":{{Quote(reason)}},"domain":"googleapis.com"}""";
        }

        if (int.TryParse(error.RetryAfter, out var seconds))
        {
            yield return $$"""{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"{{seconds}}s"}""";
        }
    }

    private static string StatusOf(int code) => code switch
    {
        400 => "INVALID_ARGUMENT",
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        409 => "ABORTED",
        429 => "RESOURCE_EXHAUSTED",
        499 => "CANCELLED",
        501 => "UNIMPLEMENTED",
        503 => "UNAVAILABLE",
        504 => "DEADLINE_EXCEEDED",
        >= 500 => "INTERNAL",
        _ => "FAILED_PRECONDITION",
    };

    private sealed class InArray : IErrorShape
    {
        public string Json(MockError error, string requestId) => Array([Shape.Json(error, requestId)]);
    }
}
