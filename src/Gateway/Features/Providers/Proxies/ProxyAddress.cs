using System.Globalization;
using System.Net;
using AIHigress.Gateway.Common;

namespace AIHigress.Gateway.Features.Providers.Proxies;

/// <summary>Reads a proxy as people write it: a URL, <c>host:port</c>, or <c>host:port:user:password</c>.</summary>
internal static class ProxyAddress
{
    public const string Rule = "must be a proxy as http(s)://, socks5:// or socks5h:// URL, as host:port, or as host:port:user:password";
    private const int MaxHost = 253;
    private const int MaxCredential = 255;

    /// <summary>The proxy with an id of its own, or null.</summary>
    /// <param name="text">One line, without blanks around it.</param>
    /// <param name="usual">The scheme of a line that names none.</param>
    public static ProxyRoute? Parse(string text, ProxyScheme usual = ProxyScheme.Http)
    {
        var scheme = usual;
        var mark = text.IndexOf("://", StringComparison.Ordinal);
        if (mark >= 0)
        {
            if (SchemeOf(text[..mark]) is not { } named)
            {
                return null;
            }

            scheme = named;
            text = text[(mark + 3)..].TrimEnd('/');
        }

        // Without a scheme an '@' may also be part of the password that comes last.
        var at = text.LastIndexOf('@');
        return at < 0 || mark < 0 && HostFirst(scheme, text, isUrl: false) is not null
            ? HostFirst(scheme, text, isUrl: mark >= 0)
            : WithUserInfo(scheme, text[..at], text[(at + 1)..]);
    }

    public static ProxyScheme? SchemeOf(string text)
    {
        foreach (var scheme in Enum.GetValues<ProxyScheme>())
        {
            if (string.Equals(EnumFilter.Name(scheme), text, StringComparison.OrdinalIgnoreCase))
            {
                return scheme;
            }
        }

        return null;
    }

    public static bool IsHost(string host) =>
        host.Length is > 0 and <= MaxHost && (IPAddress.TryParse(host, out _) || Uri.CheckHostName(host) == UriHostNameType.Dns);

    /// <summary>What both protocols can carry: SOCKS counts a length in one byte, HTTP ends a user name at a colon.</summary>
    public static bool IsUsername(string text) => IsCredential(text) && !text.Contains(':', StringComparison.Ordinal);

    public static bool IsCredential(string text) => text.Length <= MaxCredential && !text.Any(c => c is < ' ' or > '~');

    private static ProxyRoute? WithUserInfo(ProxyScheme scheme, string user, string address)
    {
        var colon = user.IndexOf(':', StringComparison.Ordinal);
        var name = Uri.UnescapeDataString(colon < 0 ? user : user[..colon]);
        var password = colon < 0 ? null : Uri.UnescapeDataString(user[(colon + 1)..]);
        return SplitHost(address) is var (host, rest) && ReadPort(rest, scheme, true) is { } port ? Make(scheme, host, port, name, password) : null;
    }

    private static ProxyRoute? HostFirst(ProxyScheme scheme, string text, bool isUrl)
    {
        if (SplitHost(text) is not var (host, rest))
        {
            return null;
        }

        // The password comes last and may hold anything, colons too.
        var parts = rest.Split(':', 3);
        return ReadPort(parts[0], scheme, isUrl) is not { } port || parts.Length == 2 ? null
            : parts.Length == 1 ? Make(scheme, host, port, "", null)
            : Make(scheme, host, port, parts[1], parts[2]);
    }

    private static (string Host, string Remainder)? SplitHost(string text)
    {
        if (text.StartsWith('['))
        {
            var end = text.IndexOf(']', StringComparison.Ordinal);
            return end < 0 ? null : (text[1..end], text[(end + 1)..].TrimStart(':'));
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..]);
    }

    private static int? ReadPort(string text, ProxyScheme scheme, bool mayLack)
    {
        if (text.Length == 0)
        {
            return !mayLack ? null : scheme switch { ProxyScheme.Http => 80, ProxyScheme.Https => 443, _ => 1080 };
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536 ? port : null;
    }

    private static ProxyRoute? Make(ProxyScheme scheme, string host, int port, string user, string? password) =>
        IsHost(host) && IsUsername(user) && IsCredential(password ?? "")
            ? new ProxyRoute(Guid.CreateVersion7(), scheme, host.ToLowerInvariant(), port) { Username = user, Password = string.IsNullOrEmpty(password) ? null : password }
            : null;
}
