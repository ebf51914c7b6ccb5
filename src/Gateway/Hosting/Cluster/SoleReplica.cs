namespace AIHigress.Gateway.Hosting.Cluster;

/// <summary>The only process there is does every job.</summary>
internal sealed class SoleReplica : ILeadership
{
    public bool Leads(string job) => true;
}
