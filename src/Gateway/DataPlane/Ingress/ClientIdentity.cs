namespace AIHigress.Gateway.DataPlane.Ingress;

/// <summary>What a client says of itself: the app's name and its own request id. Neither decides anything.</summary>
internal static class ClientIdentity
{
    private const int LongestApp = 80;

    /// <summary>X-Title, else the first product of the User-Agent, else the host of Referer or Origin, else "unknown".</summary>
    public static string App(IHeaderDictionary headers)
    {
        var title = headers["X-Title"].ToString();
        if (title.Length > 0)
        {
            return Clean(title);
        }

        var agent = headers.UserAgent.ToString();
        var end = agent.AsSpan().IndexOfAny(' ', '/', '(');
        var product = end < 0 ? agent : agent[..end];
        if (product.Length > 0 && product != "Mozilla")
        {
            return Clean(product);
        }

        foreach (var place in (ReadOnlySpan<string>)[headers.Referer.ToString(), headers.Origin.ToString()])
        {
            if (Uri.TryCreate(place, UriKind.Absolute, out var uri) && uri.Host.Length > 0)
            {
                return Clean(uri.Host);
            }
        }

        return "unknown";
    }

    /// <summary>The client's own X-Request-Id if it is a UUID or ULID; anything else is dropped, it could carry a header or log line.</summary>
    public static string? RequestId(IHeaderDictionary headers)
    {
        var value = headers["X-Request-Id"].ToString();
        if (value.Length == 0)
        {
            return null;
        }

        return Guid.TryParseExact(value, "D", out _) || IsUlid(value) ? value : null;
    }

    private static bool IsUlid(string value)
    {
        if (value.Length != 26 || value[0] is < '0' or > '7')
        {
            return false;
        }

        foreach (var c in value)
        {
            if (!char.IsAsciiLetterOrDigit(c) || char.ToUpperInvariant(c) is 'I' or 'L' or 'O' or 'U')
            {
                return false;
            }
        }

        return true;
    }

    private static string Clean(string text)
    {
        var clipped = text.Length > LongestApp ? text[..LongestApp] : text;
        return clipped.AsSpan().IndexOfAnyInRange('\0', '\u001f') < 0
            ? clipped
            : string.Create(clipped.Length, clipped, static (span, source) =>
            {
                for (var i = 0; i < span.Length; i++)
                {
                    span[i] = char.IsControl(source[i]) ? ' ' : source[i];
                }
            });
    }
}
