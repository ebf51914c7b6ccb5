namespace AIHigress.Gateway.DataPlane.Ingress;

/// <summary>What the path and query of a Gemini request say: <c>…/models/{model}:{method}?alt=sse</c>.</summary>
internal sealed record GeminiTarget(string Model, ClientEndpoint Endpoint, bool Stream, bool Sse)
{
    /// <summary>Null when the path names no method of ours.</summary>
    /// <param name="path">What follows <c>models/</c>, as the route gives it.</param>
    /// <param name="query">The request's query.</param>
    public static GeminiTarget? Parse(string path, IQueryCollection query)
    {
        // Routing leaves %2F encoded in a catch-all value.
        var target = path.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        var colon = target.LastIndexOf(':');
        if (colon <= 0)
        {
            return null;
        }

        var model = target[..colon];
        return target[(colon + 1)..] switch
        {
            "generateContent" => new GeminiTarget(model, ClientEndpoint.Gemini, Stream: false, Sse: false),
            "streamGenerateContent" => new GeminiTarget(model, ClientEndpoint.Gemini, Stream: true, string.Equals(query["alt"], "sse", StringComparison.OrdinalIgnoreCase)),
            "countTokens" => new GeminiTarget(model, ClientEndpoint.GeminiCount, Stream: false, Sse: false),
            _ => null,
        };
    }
}
