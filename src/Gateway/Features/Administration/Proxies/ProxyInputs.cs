using System.ComponentModel;
using AIHigress.Gateway.Features.Providers.Proxies;

namespace AIHigress.Gateway.Features.Administration.Proxies;

/// <summary>What people choose about a proxy.</summary>
public record ProxyFields
{
    [Description("http, https (TLS to the proxy), socks5 (names looked up here) or socks5h (by the proxy); http when left out.")]
    public ProxyScheme? Scheme { get; init; }
    public string? Host { get; init; }
    public int? Port { get; init; }
    public string? Username { get; init; }

    [Description("Shown to nobody; in a change absent keeps, null clears.")]
    public string? Password { get; init; }
    public bool? Enabled { get; init; }
}

/// <summary>A new proxy.</summary>
public sealed record CreateProxy : ProxyFields;

/// <summary>A merge patch of a proxy.</summary>
public sealed record EditProxy : ProxyFields;

/// <summary>Proxies as text.</summary>
public sealed record ImportProxies
{
    [Description("One proxy per line: a URL, host:port, or host:port:user:password. Empty lines and lines that begin with # are skipped.")]
    public string? Lines { get; init; }

    [Description("The scheme of lines that name none; http when left out.")]
    public ProxyScheme? Scheme { get; init; }
}

/// <summary>Which proxies to check.</summary>
public sealed record CheckProxies
{
    [Description("1 to 100 ids, checked before the answer comes. Left out: all enabled ones are checked in the background.")]
    public Guid[]? Ids { get; init; }
}

/// <summary>A merge patch of the pool's rules.</summary>
public sealed record EditProxyConfig
{
    [Description("False: no proxy of the pool is used, and providers that need one are skipped.")]
    public bool? Enabled { get; init; }

    [Description("round_robin, random or least_latency.")]
    public ProxyStrategy? Strategy { get; init; }

    [Description("What a check asks for through each proxy; null = proxies are not checked.")]
    public string? CheckUrl { get; init; }

    [Description("GET or HEAD.")]
    public string? CheckMethod { get; init; }

    [Description("100 to 60,000.")]
    public int? TimeoutMs { get; init; }

    [Description("30 to 86,400.")]
    public int? IntervalSeconds { get; init; }

    [Description("1 to 86,400.")]
    public int? FailureCooldownSeconds { get; init; }
}
