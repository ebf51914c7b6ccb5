using System.Text.RegularExpressions;
using AIHigress.Gateway.Common;

namespace AIHigress.Gateway.Features.Providers.Editing;

/// <summary>
/// The rules of what is added to every call: headers, query, paths, the place of the key. Secrets have one place,
/// the encrypted keys; so names that carry credentials are refused here, and names that the gateway sets itself.
/// </summary>
internal static partial class WireRules
{
    private const int MaxEntries = 50;
    private const int MaxValue = 2000;

    private static readonly HashSet<string> ReservedHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "host", "content-length", "content-type", "content-encoding", "transfer-encoding", "connection", "keep-alive", "upgrade", "te",
        "trailer", "expect", "accept", "accept-encoding", "forwarded", "via", "proxy-connection", "traceparent", "tracestate",
    };

    private static readonly HashSet<string> CredentialWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "authorization", "auth", "key", "apikey", "token", "secret", "password", "passwd", "credential", "credentials", "cookie", "signature",
    };

    public static void Auth(ProviderAuth? auth, FieldErrors errors)
    {
        if (auth is null)
        {
            return;
        }

        var named = auth.Style is ProviderAuthStyle.Header or ProviderAuthStyle.Query;
        if (named && string.IsNullOrEmpty(auth.Name))
        {
            errors.Required("auth.name");
        }
        else if (!named && auth.Name is not null)
        {
            errors.Add("auth.name", "not_allowed", "belongs to the styles header and query only");
        }
        else if (named && (!HeaderName().IsMatch(auth.Name!) || ReservedHeaders.Contains(auth.Name!)))
        {
            errors.Add("auth.name", "invalid_name", "must be a header or parameter name that the gateway does not set itself");
        }
    }

    public static void Headers(Dictionary<string, string>? headers, FieldErrors errors)
    {
        Count("headers", headers, errors);
        foreach (var (name, value) in headers ?? [])
        {
            var path = $"headers.{name}";
            if (!HeaderName().IsMatch(name))
            {
                errors.Add(path, "invalid_name", "is no header name");
            }
            else if (ReservedHeaders.Contains(name) || name.StartsWith("x-forwarded-", StringComparison.OrdinalIgnoreCase) || name.StartsWith("proxy-", StringComparison.OrdinalIgnoreCase))
            {
                errors.Add(path, "reserved", "is set by the gateway itself");
            }
            else
            {
                Credential(path, name, value, errors);
                Value(path, value, errors);
            }
        }
    }

    public static void Query(Dictionary<string, string>? query, FieldErrors errors)
    {
        Count("query", query, errors);
        foreach (var (name, value) in query ?? [])
        {
            var path = $"query.{name}";
            if (!ParameterName().IsMatch(name))
            {
                errors.Add(path, "invalid_name", "must have 1 to 100 letters, digits or . _ - $");
            }
            else
            {
                Credential(path, name, value, errors);
                Value(path, value, errors);
            }
        }
    }

    public static void Paths(Dictionary<string, string>? paths, FieldErrors errors)
    {
        Count("paths", paths, errors);
        foreach (var (operation, value) in paths ?? [])
        {
            if (!ProviderPaths.All.Contains(operation))
            {
                errors.Add($"paths.{operation}", "unknown", $"must be one of {string.Join(", ", ProviderPaths.All)}");
            }
            else if (value is null || !PathValue().IsMatch(value) || value.Contains("..", StringComparison.Ordinal))
            {
                errors.Add($"paths.{operation}", "invalid_path", "must start with '/' and be a plain path without query");
            }
        }
    }

    private static void Count(string path, Dictionary<string, string>? map, FieldErrors errors)
    {
        if (map?.Count > MaxEntries)
        {
            errors.Add(path, "too_many", $"must be at most {MaxEntries}");
        }
    }

    private static void Credential(string path, string name, string? value, FieldErrors errors)
    {
        var named = name.Split('-', '_', '.').Any(CredentialWords.Contains) || name.EndsWith("apikey", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith("token", StringComparison.OrdinalIgnoreCase);
        var valued = value is not null && (value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) || value.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) || value.StartsWith("sk-", StringComparison.Ordinal));
        if (named || valued)
        {
            errors.Add(path, "credential", "carries a credential; put it into 'keys' and say with 'auth' how it is sent, so that it is stored encrypted");
        }
    }

    private static void Value(string path, string? value, FieldErrors errors)
    {
        if (value is null || value.Length > MaxValue || value.Any(c => c is < ' ' or > '~'))
        {
            errors.Add(path, "invalid_value", $"must be at most {MaxValue} printable ASCII characters");
        }
    }

    [GeneratedRegex("^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex HeaderName();

    [GeneratedRegex("^[A-Za-z0-9._$-]{1,100}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex ParameterName();

    [GeneratedRegex("^/[A-Za-z0-9._~/:@!$&'()*+,;=-]{0,199}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex PathValue();
}
