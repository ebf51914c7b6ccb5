using AIHigress.Gateway.Common;
using AIHigress.Gateway.Features.Providers;

namespace AIHigress.Gateway.Features.Administration.Proxies.Sources;

/// <summary>The rules of lists.</summary>
internal static class ProxySourceRules
{
    private const int MostHeaders = 20;
    private static readonly System.Buffers.SearchValues<char> Token =
        System.Buffers.SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public static void Check(ProxySourceFields input, ProxySourceKind kind, bool isNew, ProvidersOptions options, FieldErrors errors)
    {
        if (string.IsNullOrWhiteSpace(input.Name))
        {
            errors.Required("name");
        }

        errors.Text("name", input.Name, 1, 100);
        errors.Range("interval_seconds", input.IntervalSeconds, 60, 604_800);
        ProxyRules.Address(input.Url, "url", options, errors);
        Headers(input.Headers, errors);
        var (wanted, other) = kind == ProxySourceKind.Remote ? ("url", "lines") : ("lines", "url");
        var (hasUrl, hasLines) = (input.Url is not null, input.Lines is not null);
        if (isNew && !(kind == ProxySourceKind.Remote ? hasUrl : hasLines))
        {
            errors.Required(wanted);
        }

        if (kind == ProxySourceKind.Remote ? hasLines : hasUrl)
        {
            errors.Add(other, "not_allowed", kind == ProxySourceKind.Remote ? "belongs to a static list" : "belongs to a remote list");
        }
    }

    private static void Headers(Dictionary<string, string>? headers, FieldErrors errors)
    {
        if (headers?.Count > MostHeaders)
        {
            errors.Add("headers", "too_many", $"must be at most {MostHeaders}");
        }

        foreach (var (name, value) in headers ?? [])
        {
            if (name.Length is 0 or > 100 || name.AsSpan().ContainsAnyExcept(Token) || value.Length > 4000 || value.Any(c => c is < ' ' or > '~'))
            {
                errors.Add("headers", "invalid_value", "must have header names and printable ASCII values");
                return;
            }
        }
    }
}
