using System.ComponentModel.DataAnnotations;
using AIHigress.Gateway.Hosting.Settings;

namespace AIHigress.Gateway.Hosting.Cluster;

/// <summary>How replicas share work.</summary>
public sealed class ClusterOptions
{
    public const string Section = "Cluster";

    [Setting("JOB_LEASE_SECONDS", "Seconds until another replica takes over the jobs of one that died.")]
    [Range(2, 300)]
    public int LeaseSeconds { get; set; } = 15;
}
