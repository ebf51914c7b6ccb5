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

    [Setting("ENABLE_PROVIDER_HEALTH_CHECK", "Probes providers with tiny chats, whatever their own probe setting says; false turns all probes off.", Live = true)]
    public bool HealthCheck { get; set; } = true;

    [Setting("PROVIDER_PROBE_INTERVAL_SECONDS", "Seconds between two probes of a provider that names no interval of its own.", Live = true)]
    [Range(60, 86400)]
    public int ProbeIntervalSeconds { get; set; } = 300;

    [Setting("PROBE_PROMPT", "What a probe asks.", Live = true)]
    [StringLength(2000, MinimumLength = 1)]
    public string ProbePrompt { get; set; } = "What is two plus two? Answer with one word.";

    [Setting("PROVIDER_HEALTH_TICK_SECONDS", "Seconds between two looks at which providers are due for a probe and how all of them do.")]
    [Range(1, 60)]
    public int HealthTickSeconds { get; set; } = 15;

    [Setting("DEFAULT_USER_PRIVATE_PROVIDER_LIMIT", "Private providers a user may have.", Live = true)]
    [Range(0, 1000)]
    public int PrivateProviderLimit { get; set; } = 3;

    [Setting("ALLOWED_PRIVATE_UPSTREAMS", "Private hosts or CIDRs (comma separated) that users' providers may name.")]
    public string AllowedPrivateUpstreams { get; set; } = "";

    [Setting("ALLOWED_UPSTREAM_PORTS", "Ports (comma separated) that users' providers may name; administrators may name any.")]
    public string AllowedUpstreamPorts { get; set; } = "443,80";
}
