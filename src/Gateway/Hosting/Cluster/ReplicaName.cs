using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Hosting.Cluster;

/// <summary>The name of this process: REPLICA_ID, and what tells it from the one that had that name before it.</summary>
internal sealed class ReplicaName(IOptions<ServerOptions> options)
{
    private const int LongestId = 60;

    public string Process { get; } =
        $"{options.Value.ReplicaId[..Math.Min(options.Value.ReplicaId.Length, LongestId)]}/{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
}
