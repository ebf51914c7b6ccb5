namespace AIHigress.Gateway.Hosting.Cluster;

/// <summary>Tells whether this process is the one of the cluster that does a job.</summary>
public interface ILeadership
{
    /// <summary>Costs nothing: read from memory. False as soon as the lease may have run out, whatever the database does.</summary>
    bool Leads(string job);
}

/// <summary>A job that only one process of the cluster may do; registered as a service by the feature that owns it.</summary>
public sealed record ClusterJob(string Name);
