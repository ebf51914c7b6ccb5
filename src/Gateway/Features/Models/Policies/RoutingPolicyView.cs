using AIHigress.Gateway.Data;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Models.Policies;

/// <summary>A version of the routing policy; version 0 is the defaults, which nobody made.</summary>
public sealed record RoutingPolicyView(int Version, Guid? MadeById, string? MadeBy, DateTimeOffset? CreatedAt, RoutingPolicy Policy)
{
    internal static RoutingPolicyView Of(StoredRoutingPolicy stored) =>
        new(stored.Version, stored.MadeById, stored.MadeBy, stored.CreatedAt, stored.Read());

    /// <summary>The newest when <paramref name="version"/> is null; null when there is no such version.</summary>
    internal static async Task<RoutingPolicyView?> ReadAsync(GatewayDbContext db, int? version, CancellationToken cancellationToken)
    {
        var stored = await db.RoutingPolicies.AsNoTracking()
            .Where(p => version == null || p.Version == version)
            .OrderByDescending(p => p.Version).FirstOrDefaultAsync(cancellationToken);
        return stored is not null ? Of(stored) : version is null or 0 ? new RoutingPolicyView(0, null, null, null, RoutingPolicy.Default) : null;
    }
}
