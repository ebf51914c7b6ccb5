using AIHigress.Gateway.Common;

namespace AIHigress.Gateway.Features.Providers.Hosts;

/// <summary>The form of a base URL: absolute http(s), no user info, query or fragment; a bare host gets its kind's usual prefix.</summary>
internal static class BaseUrl
{
    private const int MaxLength = 500;

    /// <summary>Returns the normalized URL without a trailing slash, or null with the fault noted.</summary>
    public static Uri? Parse(string? text, string kind, FieldErrors errors, string path = "base_url")
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            errors.Required(path);
            return null;
        }

        var fault = Fault(text.Trim(), out var uri);
        if (fault is not null)
        {
            errors.Add(path, "invalid_url", fault);
            return null;
        }

        return Normalize(uri!, kind);
    }

    /// <summary>What a stored, already normalized URL means.</summary>
    public static Uri Stored(string text) => new(text, UriKind.Absolute);

    private static string? Fault(string text, out Uri? uri)
    {
        uri = null;
        if (text.Length > MaxLength)
        {
            return $"must have at most {MaxLength} characters";
        }

        if (text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c == '\\'))
        {
            return "must not contain white space, control characters or backslashes";
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
        {
            return "must be an absolute http or https URL, such as https://api.example.com/v1";
        }

        return uri.UserInfo.Length > 0 || text.Contains('@', StringComparison.Ordinal) ? "must not contain user name or password; put the key into 'keys'"
            : text.Contains('?', StringComparison.Ordinal) ? "must not contain a query; put its parameters into 'query'"
            : text.Contains('#', StringComparison.Ordinal) ? "must not contain a fragment"
            : null;
    }

    private static Uri Normalize(Uri uri, string kind)
    {
        var path = uri.AbsolutePath.TrimEnd('/');
        if (path.Length == 0)
        {
            path = ProviderKinds.UsualPrefix(kind);
        }

        return new Uri($"{uri.Scheme}://{Authority(uri)}{path}", UriKind.Absolute);
    }

    private static string Authority(Uri uri)
    {
        var host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        return uri.IsDefaultPort ? host : $"{host}:{uri.Port}";
    }
}
