namespace AIHigress.Gateway.DataPlane.Upstream;

/// <summary>The upstream's headers that a client may see: its request id, and its rate limits if the operator passes them on.</summary>
internal readonly record struct UpstreamHeaders(string? RequestId, IReadOnlyList<KeyValuePair<string, string>> RateLimits)
{
    private const int LongestValue = 200;

    public static UpstreamHeaders Of(HttpResponseMessage response)
    {
        List<KeyValuePair<string, string>>? limits = null;
        string? requestId = null;
        foreach (var (name, values) in response.Headers.NonValidated)
        {
            if (name.Equals("x-request-id", StringComparison.OrdinalIgnoreCase) || name.Equals("request-id", StringComparison.OrdinalIgnoreCase))
            {
                requestId ??= Fit(values.ToString());
            }
            else if (name.StartsWith("x-ratelimit-", StringComparison.OrdinalIgnoreCase) && Fit(values.ToString()) is { } value)
            {
                (limits ??= []).Add(new("x-upstream-ratelimit-" + name["x-ratelimit-".Length..].ToLowerInvariant(), value));
            }
        }

        return new UpstreamHeaders(requestId, limits ?? (IReadOnlyList<KeyValuePair<string, string>>)[]);
    }

    public void AddTo(IHeaderDictionary headers, bool passRateLimits)
    {
        if (RequestId is not null)
        {
            headers["X-Upstream-Request-Id"] = RequestId;
        }

        if (passRateLimits && RateLimits is not null)
        {
            foreach (var (name, value) in RateLimits)
            {
                headers[name] = value;
            }
        }
    }

    private static string? Fit(string value)
    {
        if (value.Length is 0 or > LongestValue)
        {
            return null;
        }

        foreach (var c in value)
        {
            if (c is < ' ' or > '~')
            {
                return null;
            }
        }

        return value;
    }
}
