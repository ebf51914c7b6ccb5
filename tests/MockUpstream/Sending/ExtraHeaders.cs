using AIHigress.MockUpstream.Scripting;

namespace AIHigress.MockUpstream.Sending;

/// <summary>The response headers that a script adds.</summary>
internal static class ExtraHeaders
{
    private const int LineBytes = 1024;

    public static KeyValuePair<string, string>[] From(Behaviour behaviour)
    {
        var headers = new List<KeyValuePair<string, string>>();
        void Add(string name, string value) => headers.Add(new(name, value));

        if (behaviour.RetryAfter is { } retryAfter)
        {
            Add("Retry-After", retryAfter);
        }

        if (behaviour.SetCookie == true)
        {
            Add("Set-Cookie", "mock_session=crumb; Path=/; HttpOnly");
        }

        if (behaviour.HopHeaders == true)
        {
            Add("Connection", "keep-alive, X-Hop");
            Add("Keep-Alive", "timeout=5");
            Add("Proxy-Authenticate", "Basic realm=\"mock\"");
            Add("X-Hop", "1");
            Add("Server", "mock/1.0");
        }

        if (behaviour.RatelimitHeaders == true)
        {
            Add("x-ratelimit-limit-requests", "5000");
            Add("x-ratelimit-remaining-requests", "4999");
            Add("x-ratelimit-reset-requests", "12ms");
            Add("x-ratelimit-limit-tokens", "160000");
            Add("x-ratelimit-remaining-tokens", "159976");
            Add("x-ratelimit-reset-tokens", "9ms");
        }

        for (var i = 1; i <= (behaviour.HeaderKib ?? 0); i++)
        {
            var name = $"x-filler-{i}";
            Add(name, new string('f', LineBytes - name.Length - ": \r\n".Length));
        }

        headers.AddRange(behaviour.Headers ?? new Dictionary<string, string>());
        return [.. headers];
    }
}
