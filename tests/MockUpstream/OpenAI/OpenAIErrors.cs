using AIHigress.MockUpstream.Scripting;
using static AIHigress.MockUpstream.Sending.JsonText;

namespace AIHigress.MockUpstream.OpenAI;

/// <summary>Errors in OpenAI's shape.</summary>
internal static class OpenAIErrors
{
    /// <summary>The body that a script with a status gives, and its content type.</summary>
    public static (string ContentType, string Body) Scripted(Behaviour behaviour, int status, string key) => behaviour.ErrorBody switch
    {
        "empty" => ("application/json", ""),
        "text" => ("text/plain", behaviour.ErrorMessage ?? "upstream error"),
        "html" => ("text/html", $"<html><head><title>{status}</title></head><body><h1>{status}</h1><p>{behaviour.ErrorMessage}</p></body></html>"),
        _ => ("application/json", Body(
            (behaviour.ErrorMessage ?? $"The mock was told to answer {status}.").Replace("{key}", key, StringComparison.Ordinal),
            behaviour.ErrorType ?? TypeOf(status),
            behaviour.ErrorCode ?? CodeOf(status))),
    };

    public static string WrongKey { get; } = Body("The API key is missing or wrong.", "invalid_request_error", "invalid_api_key");

    public static string UnknownModel(string model) => Body($"The model '{model}' does not exist.", "invalid_request_error", "model_not_found");

    public static string Unsupported(string what) => Body(
        $"This model does not support {(what == "true" ? "tools" : what)}.", "invalid_request_error", "unsupported_value", what == "true" ? "tools" : what);

    /// <summary>The error that comes inside a 200.</summary>
    public static string InsideAnswer(Behaviour behaviour) => Body(
        behaviour.ErrorMessage ?? "The mock was told to fail here.",
        behaviour.ErrorType ?? "server_error",
        behaviour.ErrorCode ?? "server_error",
        numericCode: behaviour.ErrorStatus);

    public static string Body(string message, string type, string? code, string? param = null, int? numericCode = null) =>
        $$$"""{"error":{"message":{{{Quote(message)}}},"type":{{{Quote(type)}}},"param":{{{Quote(param)}}},"code":{{{numericCode?.ToString() ?? Quote(code)}}}}}""";

    private static string TypeOf(int status) => status switch
    {
        429 => "rate_limit_error",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };

    private static string? CodeOf(int status) => status switch
    {
        401 => "invalid_api_key",
        404 => "model_not_found",
        429 => "rate_limit_exceeded",
        529 => "overloaded",
        >= 500 => "server_error",
        _ => null,
    };
}
