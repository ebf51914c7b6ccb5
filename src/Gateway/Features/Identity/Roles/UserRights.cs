using System.Collections.Frozen;
using System.Runtime.InteropServices;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Identity.Roles;

/// <summary>What every user may do by roles and grants, read in three queries. Users with the same roles share one set.</summary>
internal sealed class UserRights
{
    private readonly Dictionary<Guid, FrozenSet<string>> _lasting = [];
    private readonly Dictionary<Guid, List<(string Permission, DateTimeOffset Until)>> _timed = [];

    public static async Task<UserRights> ReadAsync(GatewayDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var permissions = await db.RolePermissions.AsNoTracking().ToListAsync(cancellationToken);
        var byRole = permissions.ToLookup(p => p.RoleCode, p => p.Permission, StringComparer.Ordinal);
        var rolesOf = new Dictionary<Guid, string>();
        var roles = db.UserRoles.AsNoTracking().OrderBy(r => r.RoleCode).AsAsyncEnumerable();
        await foreach (var row in roles.WithCancellation(cancellationToken))
        {
            ref var combined = ref CollectionsMarshal.GetValueRefOrAddDefault(rolesOf, row.UserId, out _);
            combined = combined is null ? row.RoleCode : $"{combined} {row.RoleCode}";
        }

        var grants = await db.UserGrants.AsNoTracking().Where(g => g.ExpiresAt == null || g.ExpiresAt > now).ToListAsync(cancellationToken);
        return new UserRights(rolesOf, byRole, grants.ToLookup(g => g.UserId));
    }

    private UserRights(Dictionary<Guid, string> rolesOf, ILookup<string, string> byRole, ILookup<Guid, UserGrant> grants)
    {
        var shared = new Dictionary<string, FrozenSet<string>>(StringComparer.Ordinal);
        foreach (var (user, roles) in rolesOf)
        {
            ref var set = ref CollectionsMarshal.GetValueRefOrAddDefault(shared, roles, out _);
            _lasting[user] = set ??= Combine(roles.Split(' '), byRole);
        }

        foreach (var ofUser in grants)
        {
            var lasting = ofUser.Where(g => g.ExpiresAt is null).Select(g => g.Permission);
            _lasting[ofUser.Key] = LastingOf(ofUser.Key).Concat(lasting).ToFrozenSet(StringComparer.Ordinal);
            _timed[ofUser.Key] = [.. ofUser.Where(g => g.ExpiresAt is not null).Select(g => (g.Permission, g.ExpiresAt!.Value))];
        }
    }

    public FrozenSet<string> LastingOf(Guid user) => _lasting.GetValueOrDefault(user, FrozenSet<string>.Empty);

    public IReadOnlyList<(string Permission, DateTimeOffset Until)> TimedOf(Guid user) => _timed.TryGetValue(user, out var timed) ? timed : [];

    private static FrozenSet<string> Combine(string[] roles, ILookup<string, string> byRole) => roles.Contains(Role.Administrator, StringComparer.Ordinal)
        ? Permissions.All
        : roles.SelectMany(code => byRole[code]).ToFrozenSet(StringComparer.Ordinal);
}
