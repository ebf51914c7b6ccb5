using System.Collections.Frozen;

namespace AIHigress.Gateway.Features.Identity.Access;

/// <summary>Permission codes (control-plane.md §3.3). The catalogue has them with what each allows.</summary>
internal static class Permissions
{
    public const string KeysOwn = "keys.own";
    public const string ProvidersOwn = "providers.own";
    public const string ProvidersShare = "providers.share";
    public const string ProvidersSubmit = "providers.submit";
    public const string WebhooksOwn = "webhooks.own";
    public const string ChatUse = "chat.use";
    public const string BridgeUse = "bridge.use";

    public const string UsersRead = "users.read";
    public const string UsersWrite = "users.write";
    public const string UsersStatus = "users.status";
    public const string UsersImpersonate = "users.impersonate";
    public const string RolesManage = "roles.manage";
    public const string GroupsManage = "groups.manage";
    public const string RegistrationManage = "registration.manage";
    public const string IdentityManage = "identity.manage";
    public const string KeysReadAll = "keys.read_all";
    public const string KeysManageAll = "keys.manage_all";

    public const string ProvidersReadAll = "providers.read_all";
    public const string ProvidersManageAll = "providers.manage_all";
    public const string ProvidersOperate = "providers.operate";
    public const string ProvidersReview = "providers.review";
    public const string PresetsManage = "presets.manage";
    public const string ModelsManage = "models.manage";
    public const string PricesManage = "prices.manage";
    public const string RoutingRead = "routing.read";
    public const string RoutingManage = "routing.manage";
    public const string ProxiesManage = "proxies.manage";

    public const string CreditsReadAll = "credits.read_all";
    public const string CreditsGrant = "credits.grant";
    public const string CreditsManage = "credits.manage";
    public const string UsageReadAll = "usage.read_all";
    public const string LogsReadAll = "logs.read_all";
    public const string LogsReadBodies = "logs.read_bodies";
    public const string LogsExport = "logs.export";

    public const string AnnouncementsManage = "announcements.manage";
    public const string WebhooksManage = "webhooks.manage";
    public const string SettingsRead = "settings.read";
    public const string SettingsWrite = "settings.write";
    public const string SystemStatus = "system.status";
    public const string SystemJobs = "system.jobs";
    public const string SystemCache = "system.cache";
    public const string SystemSecrets = "system.secrets";
    public const string SystemConfig = "system.config";
    public const string AuditRead = "audit.read";
    public const string BridgeManageAll = "bridge.manage_all";
    public const string EvalsReadAll = "evals.read_all";

    /// <summary>Every code: what a superuser and the role administrator hold.</summary>
    public static readonly FrozenSet<string> All = PermissionCatalogue.All.Select(p => p.Code).ToFrozenSet(StringComparer.Ordinal);
}
