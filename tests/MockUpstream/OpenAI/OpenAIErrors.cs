using AIHigress.MockUpstream.Answering;
using static AIHigress.MockUpstream.Sending.JsonText;

namespace AIHigress.MockUpstream.OpenAI;

/// <summary>Errors in OpenAI's shape.</summary>
internal sealed class OpenAIErrors : IErrorShape
{
    public static IErrorShape Shape { get; } = new OpenAIErrors();

    public static MockError WrongKey { get; } = new(401, "The API key is missing or wrong.");

    public static MockError UnknownModel(string model) => new(404, $"The model '{model}' does not exist.");

    public string Json(MockError error, string requestId) => Object(("error", Object(
        ("message", Quote(error.Message)),
        ("type", Quote(error.Type ?? TypeOf(error.Status))),
        ("param", Quote(error.Param)),
        ("code", error.NumericCode?.ToString() ?? Quote(CodeOf(error))))));

    public static string? CodeOf(MockError error) => error.Code ?? CodeOf(error.Status);

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
