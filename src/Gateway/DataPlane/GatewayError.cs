using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Gateway.DataPlane;

/// <summary>A refusal or failure as the client will see it (data-plane.md §9): status, stable code, what to do.</summary>
internal sealed record GatewayError(int Status, string Code, string Message)
{
    /// <summary>The field or header at fault.</summary>
    public string? Param { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Methods that the path does take, sent as Allow with 405.</summary>
    public string? Allow { get; init; }

    /// <summary>OpenAI's error type for a status.</summary>
    public static string OpenAIType(int status) => status switch
    {
        401 => "authentication_error",
        402 => "insufficient_quota",
        403 => "permission_error",
        429 => "rate_limit_error",
        < 500 => "invalid_request_error",
        _ => "server_error",
    };

    /// <summary>As the codecs write it.</summary>
    public ClientError ToClient(Guid? requestId) => new(Status, Code, Message) { Param = Param, RequestId = requestId?.ToString() };

    /// <summary>No provider of the model can express what the request needs.</summary>
    public static GatewayError Unsupported(IReadOnlyList<string> fields) => new(
        400,
        "unsupported_by_upstream",
        $"No provider of this model can take {string.Join(", ", fields)}. Leave it out, or use a model whose provider supports it.")
    {
        Param = fields.Count > 0 ? fields[0] : null,
    };

    /// <summary>No upstream's context holds the prompt.</summary>
    public static GatewayError PromptTooLong(int longest) => new(
        400,
        "unsupported_by_upstream",
        $"The prompt is too long for every provider of this model: the longest context_length is {longest} tokens. Shorten it, or use a model with a longer context.")
    {
        Param = "context_length",
    };

    /// <summary>Every upstream would cost more than the caller has left.</summary>
    public static GatewayError OverBudget() =>
        new(402, "budget_exceeded", "The request would cost more than is left of the budget. Use a cheaper model, or ask for more.");

    public static GatewayError Invalid(string message, string? param = null) => new(400, "invalid_request", message) { Param = param };

    public static GatewayError ModelNotFound(string model) =>
        new(404, "model_not_found", $"There is no model '{Clip(model)}', or this key may not use it. GET /v1/models lists the models of this key.") { Param = "model" };

    public static GatewayError ModelDisabled(string model) =>
        new(503, "model_disabled", $"The model '{Clip(model)}' is switched off at the moment. Try another model, or ask the operator.");

    public static GatewayError NoProvider(string why, TimeSpan? retryAfter) =>
        new(503, "no_available_provider", $"{why} Try again later.") { RetryAfter = retryAfter ?? TimeSpan.FromSeconds(5) };

    /// <summary>Only the provider that made what the request carries may get it, and that one can't answer.</summary>
    public static GatewayError SealedElsewhere(TimeSpan? retryAfter) =>
        new(503, "no_available_provider", "The conversation carries signed or encrypted thoughts, which only the provider that made them can read, and that provider can't be asked at the moment. Try again later, or leave the thoughts out.")
        {
            RetryAfter = retryAfter ?? TimeSpan.FromSeconds(5),
        };

    public static GatewayError ShuttingDown() =>
        new(503, "shutting_down", "This server is stopping. Send the request again.") { RetryAfter = TimeSpan.FromSeconds(1) };

    public static GatewayError JournalUnavailable() =>
        new(503, "journal_unavailable", "Usage can't be recorded at the moment, so no request is served. Try again later; the operator finds the cause in the log.")
        {
            RetryAfter = TimeSpan.FromSeconds(5),
        };

    public static GatewayError Internal() =>
        new(500, "internal_error", "Something went wrong in the gateway. Send the request again; the operator finds the cause in the log under this request id.");

    private static string Clip(string text) => text.Length <= 128 ? text : string.Concat(text.AsSpan(0, 128), "…");
}

/// <summary>Ends a request with <see cref="Error"/>; thrown on refusals only, never on the way of an answered request.</summary>
internal sealed class GatewayErrorException(GatewayError error) : Exception(error.Message)
{
    public GatewayError Error { get; } = error;
}
