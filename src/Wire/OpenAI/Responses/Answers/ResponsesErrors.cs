using System.Buffers;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.OpenAI.Responses.Answers;

/// <summary>Errors: bodies, and the statuses behind OpenAI's words for those that come inside an answer.</summary>
internal static class ResponsesErrors
{
    public static AnswerError? Read(ReadOnlySpan<byte> body) => OpenAIError.Read(body) is { } error ? From(error) : null;

    public static AnswerError From(OpenAIErrorInfo error)
    {
        // An error event's own type says nothing.
        var type = error.Type == "error" ? null : error.Type;
        return new AnswerError(StatusOf(error.Code) ?? StatusOf(type), error.Message.Length > 0 ? error.Message : null)
        {
            Type = type,
            Code = error.Code,
            Param = error.Param,
        };
    }

    public static void Write(ClientError error, IBufferWriter<byte> output) =>
        OpenAIError.Write(output, error.Message, TypeOf(error.Status), error.Param, error.Code);

    private static string TypeOf(int status) => status switch
    {
        401 => "authentication_error",
        403 => "permission_error",
        429 => "rate_limit_error",
        < 500 => "invalid_request_error",
        _ => "server_error",
    };

    private static int? StatusOf(string? word) => word switch
    {
        "rate_limit_exceeded" or "rate_limit_error" or "insufficient_quota" or "usage_limit_reached" or "requests" or "tokens" => 429,
        "overloaded_error" or "server_is_overloaded" or "slow_down" or "service_unavailable" => 503,
        "server_error" or "api_error" or "internal_error" or "internal_server_error" => 500,
        "timeout" or "vector_store_timeout" => 504,
        "invalid_api_key" or "authentication_error" => 401,
        "permission_error" or "permission_denied" => 403,
        "model_not_found" or "not_found_error" => 404,
        "invalid_request_error" or "invalid_prompt" or "context_length_exceeded" or "content_policy_violation" or "cyber_policy" => 400,
        { } when word.StartsWith("invalid_", StringComparison.Ordinal) || word.StartsWith("image_", StringComparison.Ordinal) => 400,
        { Length: 3 } when int.TryParse(word, out var status) && status is >= 400 and <= 599 => status,
        _ => null,
    };
}
