namespace AIHigress.Gateway.DataPlane;

/// <summary>Everything under the data plane's paths that is no endpoint: the protocol's own error, never HTML.</summary>
internal static class UnknownPaths
{
    private static readonly Dictionary<string, string> Methods = new(StringComparer.OrdinalIgnoreCase)
    {
        ["/v1/chat/completions"] = "POST",
        ["/v1/completions"] = "POST",
        ["/v1/embeddings"] = "POST",
        ["/v1/responses"] = "POST",
        ["/v1/messages"] = "POST",
        ["/v1/messages/count_tokens"] = "POST",
        ["/v1/models"] = "GET",
        ["/v1beta/models"] = "GET",
        ["/models"] = "GET",
    };

    // /v1/responses/{id}, …/cancel, …/input_items
    private static string? ResponsePath(string path) => path.TrimEnd('/').Split('/') switch
    {
        ["", var v1, var responses, not ""] when Is(v1, "v1") && Is(responses, "responses") => "GET, DELETE",
        ["", var v1, var responses, not "", var what] when Is(v1, "v1") && Is(responses, "responses") && Is(what, "cancel") => "POST",
        ["", var v1, var responses, not "", var what] when Is(v1, "v1") && Is(responses, "responses") && Is(what, "input_items") => "GET",
        _ => null,
    };

    private static bool Is(string part, string name) => string.Equals(part, name, StringComparison.OrdinalIgnoreCase);

    public static Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        context.Response.Headers["X-Request-Id"] = Guid.CreateVersion7().ToString();
        var allowed = ResponsePath(path) ?? Methods.GetValueOrDefault(path.TrimEnd('/'))
            ?? (path.StartsWith("/v1/models/", StringComparison.OrdinalIgnoreCase) ? "GET" : null);
        var error = allowed is null
            ? new GatewayError(404, "not_found", "There is no such endpoint. The API reference is at /docs.")
            : new GatewayError(405, "method_not_allowed", $"This endpoint takes {allowed} only.") { Allow = allowed };
        return ErrorResponse.WriteAsync(context.Response, error);
    }
}
