using System.ComponentModel.DataAnnotations;
using AIHigress.Gateway.Hosting.Settings;

namespace AIHigress.Gateway.Features.Providers;

/// <summary>Providers and their model lists.</summary>
public sealed class ProvidersOptions
{
    public const string Section = "Providers";

    [Setting("PROVIDER_DISCOVERY_INTERVAL_SECONDS", "Seconds between two looks at each provider's model list.", Live = true)]
    [Range(60, 86400)]
    public int DiscoveryIntervalSeconds { get; set; } = 3600;

    [Setting("DEFAULT_USER_PRIVATE_PROVIDER_LIMIT", "Private providers a user may have.", Live = true)]
    [Range(0, 1000)]
    public int PrivateProviderLimit { get; set; } = 3;

    [Setting("ALLOWED_PRIVATE_UPSTREAMS", "Private hosts or CIDRs (comma separated) that users' providers may name.")]
    public string AllowedPrivateUpstreams { get; set; } = "";

    [Setting("ALLOWED_UPSTREAM_PORTS", "Ports (comma separated) that users' providers may name; administrators may name any.")]
    public string AllowedUpstreamPorts { get; set; } = "443,80";
}
