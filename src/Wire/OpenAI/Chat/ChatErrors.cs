using System.Buffers;
using System.Globalization;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.OpenAI.Chat;

/// <summary>Errors in OpenAI's words.</summary>
internal static class ChatErrors
{
    // What servers of this protocol call their errors, OpenAI's own words and those of the makers whose errors they pass on.
    private static readonly Dictionary<string, int> Statuses = new(StringComparer.OrdinalIgnoreCase)
    {
        ["invalid_request_error"] = 400,
        ["invalid_request"] = 400,
        ["bad_request"] = 400,
        ["BadRequestError"] = 400,
        ["INVALID_ARGUMENT"] = 400,
        ["FAILED_PRECONDITION"] = 400,
        ["context_length_exceeded"] = 400,
        ["invalid_prompt"] = 400,
        ["content_filter"] = 400,
        ["authentication_error"] = 401,
        ["invalid_api_key"] = 401,
        ["UNAUTHENTICATED"] = 401,
        ["insufficient_quota"] = 429,
        ["insufficient_balance"] = 402,
        ["billing_error"] = 402,
        ["permission_error"] = 403,
        ["permission_denied"] = 403,
        ["not_found_error"] = 404,
        ["model_not_found"] = 404,
        ["NotFoundError"] = 404,
        ["NOT_FOUND"] = 404,
        ["request_too_large"] = 413,
        ["rate_limit_error"] = 429,
        ["rate_limit_exceeded"] = 429,
        ["rate_limit_reached_error"] = 429,
        ["requests"] = 429,
        ["tokens"] = 429,
        ["too_many_requests"] = 429,
        ["RESOURCE_EXHAUSTED"] = 429,
        ["server_error"] = 500,
        ["api_error"] = 500,
        ["internal_error"] = 500,
        ["internal_server_error"] = 500,
        ["InternalServerError"] = 500,
        ["INTERNAL"] = 500,
        ["service_unavailable"] = 503,
        ["service_unavailable_error"] = 503,
        ["UNAVAILABLE"] = 503,
        ["engine_overloaded_error"] = 503,
        ["timeout"] = 504,
        ["timeout_error"] = 504,
        ["DEADLINE_EXCEEDED"] = 504,
        ["overloaded_error"] = 529,
    };

    public static AnswerError? Read(ReadOnlySpan<byte> body)
    {
        if (OpenAIError.Read(body) is not { } error)
        {
            return null;
        }

        var status = ChatChunkReader.Read(body, null).ErrorStatus ?? StatusOf(error.Code) ?? StatusOf(error.Type);
        return new AnswerError(status, error.Message.Length > 0 ? error.Message : null) { Type = error.Type, Code = error.Code, Param = error.Param };
    }

    public static void Write(ClientError error, IBufferWriter<byte> output) =>
        OpenAIError.Write(output, error.Message, TypeOf(error.Status), error.Param, error.Code);

    public static void WriteEvent(ClientError error, IBufferWriter<byte> output) =>
        OpenAIError.WriteEvent(output, error.Message, TypeOf(error.Status), error.Param, error.Code);

    private static string TypeOf(int status) => status switch
    {
        401 => "authentication_error",
        402 => "insufficient_quota",
        403 => "permission_error",
        429 => "rate_limit_error",
        < 500 => "invalid_request_error",
        _ => "server_error",
    };

    private static int? StatusOf(string? word)
    {
        if (word is null)
        {
            return null;
        }

        if (Statuses.TryGetValue(word, out var status))
        {
            return status;
        }

        return int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 400 and <= 599 ? number : null;
    }
}
