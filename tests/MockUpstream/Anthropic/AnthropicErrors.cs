using AIHigress.MockUpstream.Answering;
using static AIHigress.MockUpstream.Sending.JsonText;

namespace AIHigress.MockUpstream.Anthropic;

/// <summary>Errors in Anthropic's shape.</summary>
internal sealed class AnthropicErrors : IErrorShape
{
    public static IErrorShape Shape { get; } = new AnthropicErrors();

    public static MockError WrongKey { get; } = new(401, "invalid x-api-key");

    public static MockError UnknownModel(string model) => new(404, $"model: {model}");

    public string Json(MockError error, string requestId) => Object(
        ("type", "\"error\""),
        ("error", Object(("type", Quote(error.Type ?? TypeOf(error.NumericCode ?? error.Status))), ("message", Quote(error.Message)))),
        ("request_id", Quote(requestId)));

    private static string TypeOf(int status) => status switch
    {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        504 => "timeout_error",
        529 => "overloaded_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };
}
