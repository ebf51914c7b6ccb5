using System.Net;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Providers.Hosts;
using AIHigress.Gateway.Features.Providers.Proxies;

namespace AIHigress.Gateway.Features.Administration.Proxies;

/// <summary>The rules of proxies and of the addresses that belong to them.</summary>
internal static class ProxyRules
{
    private const int MaxUrl = 500;

    public static void Check(ProxyFields input, FieldErrors errors)
    {
        if (string.IsNullOrWhiteSpace(input.Host))
        {
            errors.Required("host");
        }
        else if (!ProxyAddress.IsHost(input.Host))
        {
            errors.Add("host", "invalid_host", "must be a host name or an address, without scheme and port");
        }
        else if (IPAddress.TryParse(input.Host, out var address) && AddressClass.Of(address) == AddressReach.Forbidden)
        {
            errors.Add("host", "forbidden_host", "names a link-local or metadata address, which is never called");
        }

        if (input.Port is null)
        {
            errors.Required("port");
        }

        errors.Range("port", input.Port, 1, 65535);
        if (!ProxyAddress.IsUsername(input.Username ?? ""))
        {
            errors.Add("username", "invalid_value", "must be at most 255 printable ASCII characters, no colon");
        }

        if (!ProxyAddress.IsCredential(input.Password ?? ""))
        {
            errors.Add("password", "invalid_value", "must be at most 255 printable ASCII characters");
        }
        else if (!string.IsNullOrEmpty(input.Password) && string.IsNullOrEmpty(input.Username))
        {
            errors.Add("password", "conflict", "needs a username");
        }
    }

    /// <summary>An http(s) address that this server itself calls; what it leads to is judged again at each connect.</summary>
    public static void Address(string? text, string path, ProvidersOptions options, FieldErrors errors)
    {
        if (text is null)
        {
            return;
        }

        if (text.Length > MaxUrl || text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
            || !Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0)
        {
            errors.Add(path, "invalid_url", $"must be an absolute http or https URL of at most {MaxUrl} characters, without user name and password");
            return;
        }

        var allowed = UpstreamAllowList.Parse(options);
        if (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address)
            && (AddressClass.Of(address) == AddressReach.Forbidden || !(allowed.Covers(address) || allowed.NamesHost(uri.Host))))
        {
            errors.Add(path, "private_host", "names a private address; allow it with ALLOWED_PRIVATE_UPSTREAMS");
        }
    }

    public static void Config(EditProxyConfig input, ProvidersOptions options, FieldErrors errors)
    {
        Address(input.CheckUrl, "check_url", options, errors);
        if (input.CheckMethod is not (null or "GET" or "HEAD"))
        {
            errors.Add("check_method", "not_allowed", "must be GET or HEAD");
        }

        errors.Range("timeout_ms", input.TimeoutMs, 100, 60_000);
        errors.Range("interval_seconds", input.IntervalSeconds, 30, 86_400);
        errors.Range("failure_cooldown_seconds", input.FailureCooldownSeconds, 1, 86_400);
    }
}
