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

    public static Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        context.Response.Headers["X-Request-Id"] = Guid.CreateVersion7().ToString();
        var allowed = Methods.GetValueOrDefault(path.TrimEnd('/'))
            ?? (path.StartsWith("/v1/models/", StringComparison.OrdinalIgnoreCase) ? "GET" : null);
        var error = allowed is null
            ? new GatewayError(404, "not_found", "There is no such endpoint. The API reference is at /docs.")
            : new GatewayError(405, "method_not_allowed", $"This endpoint takes {allowed} only.") { Allow = allowed };
        return ErrorResponse.WriteAsync(context.Response, error);
    }
}
