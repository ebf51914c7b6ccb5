using System.ComponentModel.DataAnnotations;
using AIHigress.Gateway.Hosting.Settings;

namespace AIHigress.Gateway.Features.Providers.Proxies;

/// <summary>The proxies between this server and upstreams.</summary>
public sealed class UpstreamProxyOptions
{
    public const string Section = "UpstreamProxies";

    [Setting("UPSTREAM_PROXY_REFRESH_SCHEDULER_INTERVAL_SECONDS", "Seconds between two looks for proxy lists that are due.", Live = true)]
    [Range(5, 86400)]
    public int RefreshSchedulerSeconds { get; set; } = 60;

    [Setting("UPSTREAM_PROXY_HEALTHCHECK_SCHEDULER_INTERVAL_SECONDS", "Seconds between two looks for proxies whose check is due.", Live = true)]
    [Range(5, 86400)]
    public int CheckSchedulerSeconds { get; set; } = 60;

    [Setting("UPSTREAM_PROXY_DEFAULT_REFRESH_INTERVAL_SECONDS", "Seconds between two readings of a remote proxy list that names no interval.", Live = true)]
    [Range(60, 604_800)]
    public int RefreshIntervalSeconds { get; set; } = 300;

    [Setting("UPSTREAM_PROXY_HEALTHCHECK_CONCURRENCY", "Proxies that are checked at once.", Live = true)]
    [Range(1, 200)]
    public int CheckConcurrency { get; set; } = 20;

    [Setting("UPSTREAM_PROXY_MAX_RETRIES", "Further proxies that one attempt may try when a proxy itself can't be reached.", Live = true)]
    [Range(0, 5)]
    public int MaxRetries { get; set; } = 1;

    [Setting("UPSTREAM_PROXY_CA_FILE", "PEM file with certificate authorities that https proxies may be signed by, besides the system's.")]
    public string? CaFile { get; set; }

    [Setting("HTTP_PROXY", "Proxy for http:// upstreams of providers with proxy: default.", Secret = true)]
    [ProxyText]
    public string? HttpProxy { get; set; }

    [Setting("HTTPS_PROXY", "Proxy for https:// upstreams of providers with proxy: default.", Secret = true)]
    [ProxyText]
    public string? HttpsProxy { get; set; }

    [Setting("NO_PROXY", "Hosts, domains (.example.com), addresses and CIDRs (comma separated) that HTTP_PROXY and HTTPS_PROXY are not used for; * = none.")]
    public string NoProxy { get; set; } = "";
}

/// <summary>A setting that names a proxy, or nothing.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ProxyTextAttribute() : ValidationAttribute(ProxyAddress.Rule)
{
    public override bool IsValid(object? value) => value is not string { Length: > 0 } text || ProxyAddress.Parse(text) is not null;
}
