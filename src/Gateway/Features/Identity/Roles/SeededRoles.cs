using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Identity.Roles;

/// <summary>
/// The roles that come with the server (control-plane.md §3.2), made once. What people changed of them later is theirs:
/// a start never puts a permission back. Users of versions without roles become members.
/// </summary>
internal sealed class SeededRoles(GatewayDbContext db, TimeProvider time)
{
    public static readonly IReadOnlyList<SeededRole> All =
    [
        new(Role.Administrator, "Administrator", "May do everything.", []),
        new("operator", "Operator", "Keeps providers, models and routing running.",
        [
            Permissions.ProvidersReadAll, Permissions.ProvidersManageAll, Permissions.ProvidersOperate, Permissions.ProvidersReview,
            Permissions.PresetsManage, Permissions.ModelsManage, Permissions.RoutingRead, Permissions.RoutingManage,
            Permissions.ProxiesManage, Permissions.SystemJobs, Permissions.SystemStatus,
        ]),
        new("billing", "Billing", "Manages credits and prices, sees usage.",
        [
            Permissions.CreditsReadAll, Permissions.CreditsGrant, Permissions.CreditsManage, Permissions.PricesManage, Permissions.UsageReadAll,
        ]),
        new("support", "Support", "Helps users: sees accounts and logs, unlocks accounts.",
        [
            Permissions.UsersRead, Permissions.UsersStatus, Permissions.LogsReadAll, Permissions.CreditsReadAll,
        ]),
        new("auditor", "Auditor", "Sees everything, changes nothing.",
        [
            Permissions.UsersRead, Permissions.KeysReadAll, Permissions.ProvidersReadAll, Permissions.RoutingRead, Permissions.CreditsReadAll,
            Permissions.UsageReadAll, Permissions.LogsReadAll, Permissions.SettingsRead, Permissions.SystemStatus, Permissions.AuditRead,
            Permissions.EvalsReadAll,
        ]),
        new(Role.Member, "Member", "Works with the gateway: own keys, providers, chats.", [.. PermissionCatalogue.Of("own")]),
    ];

    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (await db.Roles.AnyAsync(r => r.IsSeeded, cancellationToken))
        {
            return;
        }

        var now = time.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        foreach (var role in All)
        {
            db.Roles.Add(new Role
            {
                Code = role.Code,
                Name = role.Name,
                Description = role.Description,
                IsSeeded = true,
                CreatedAt = now,
                UpdatedAt = now,
            });
            db.RolePermissions.AddRange(role.Permissions.Select(code => new RolePermission { RoleCode = role.Code, Permission = code }));
        }

        try
        {
            await db.SaveChangesAsync(cancellationToken);
            await db.Database.ExecuteSqlRawAsync(
                "INSERT INTO user_roles (user_id, role_code) SELECT id, {0} FROM users WHERE deleted_at IS NULL", [Role.Member], cancellationToken);
            await ChangeFeed.RaiseAsync(db, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // Another replica started at the same moment and has made them.
            db.ChangeTracker.Clear();
        }
    }
}

internal sealed record SeededRole(string Code, string Name, string Description, IReadOnlyList<string> Permissions);
