using System.Globalization;

namespace AIHigress.Gateway.DataPlane.Limits;

/// <summary>The x-ratelimit headers in OpenAI's form, from what the limiter answered this very request. None without a limit.</summary>
internal static class RateLimitHeaders
{
    public static void Add(IHeaderDictionary headers, Admission admission)
    {
        if (admission.IsUnlimited)
        {
            return;
        }

        if (admission.Requests is { } requests)
        {
            headers["x-ratelimit-limit-requests"] = Text(requests.Rate.Count);
            headers["x-ratelimit-remaining-requests"] = Text(requests.Remaining);
            headers["x-ratelimit-reset-requests"] = Text(requests.Backlog);
        }

        if (admission.Tokens is { } tokens)
        {
            headers["x-ratelimit-limit-tokens"] = Text(tokens.Rate.Count);
            headers["x-ratelimit-remaining-tokens"] = Text(tokens.Remaining);
            headers["x-ratelimit-reset-tokens"] = Text(tokens.Backlog);
        }
    }

    /// <summary>"6m0s", "1.5s", "20ms": as OpenAI writes how long it takes until all is there again.</summary>
    public static string Text(TimeSpan span)
    {
        if (span < TimeSpan.FromSeconds(1))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{(int)Math.Ceiling(span.TotalMilliseconds)}ms");
        }

        var minutes = (long)span.TotalMinutes;
        var seconds = Math.Round((span - TimeSpan.FromMinutes(minutes)).TotalSeconds, 3);
        return string.Create(CultureInfo.InvariantCulture, $"{(minutes > 0 ? $"{minutes}m" : "")}{seconds:0.###}s");
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
