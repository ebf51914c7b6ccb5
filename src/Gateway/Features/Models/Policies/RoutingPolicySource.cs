using AIHigress.Gateway.Data;
using AIHigress.Gateway.Hosting.Snapshots;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Models.Policies;

/// <summary>Reads the newest stored policy; without one the defaults are in force.</summary>
internal sealed class RoutingPolicySource(RoutingPolicies policies) : ISnapshotSource
{
    public async Task<Action> PrepareAsync(GatewayDbContext db, long version, CancellationToken cancellationToken)
    {
        var newest = await db.RoutingPolicies.AsNoTracking().OrderByDescending(p => p.Version).FirstOrDefaultAsync(cancellationToken);
        var policy = newest?.Read() ?? RoutingPolicy.Default;
        return () => policies.Publish(policy);
    }
}
