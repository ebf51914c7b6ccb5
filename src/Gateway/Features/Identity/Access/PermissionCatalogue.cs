namespace AIHigress.Gateway.Features.Identity.Access;

/// <param name="Code">Stable; "users.read".</param>
/// <param name="Area">own, people, providers, usage or system.</param>
/// <param name="Description">What it allows, in English.</param>
public sealed record PermissionDescription(string Code, string Area, string Description);

/// <summary>Every permission there is, in the order that people read.</summary>
internal static class PermissionCatalogue
{
    public static readonly IReadOnlyList<PermissionDescription> All =
    [
        new(Permissions.KeysOwn, "own", "Make and manage API keys of your own"),
        new(Permissions.ProvidersOwn, "own", "Have private providers"),
        new(Permissions.ProvidersShare, "own", "Share private providers with chosen users"),
        new(Permissions.ProvidersSubmit, "own", "Submit private providers for everybody's use"),
        new(Permissions.WebhooksOwn, "own", "Have webhooks of your own"),
        new(Permissions.ChatUse, "own", "Use the chat"),
        new(Permissions.BridgeUse, "own", "Connect agents and let models call their tools"),
        new(Permissions.UsersRead, "people", "See all users"),
        new(Permissions.UsersWrite, "people", "Create, invite, change and delete users"),
        new(Permissions.UsersStatus, "people", "Disable and enable users, end their sessions, hand over reset links"),
        new(Permissions.UsersImpersonate, "people", "Look at the console as another user, without changing anything"),
        new(Permissions.RolesManage, "people", "Manage roles, give them to users, grant permissions"),
        new(Permissions.GroupsManage, "people", "Manage groups"),
        new(Permissions.RegistrationManage, "people", "Open and close registration, let new accounts in"),
        new(Permissions.IdentityManage, "people", "Manage the services people sign in by"),
        new(Permissions.KeysReadAll, "people", "See everybody's API keys"),
        new(Permissions.KeysManageAll, "people", "Manage everybody's API keys"),
        new(Permissions.ProvidersReadAll, "providers", "See every provider"),
        new(Permissions.ProvidersManageAll, "providers", "Manage every provider"),
        new(Permissions.ProvidersOperate, "providers", "Pause and resume providers, run their tests"),
        new(Permissions.ProvidersReview, "providers", "Decide on submitted providers"),
        new(Permissions.PresetsManage, "providers", "Manage provider presets"),
        new(Permissions.ModelsManage, "providers", "Manage logical models and the catalogue"),
        new(Permissions.PricesManage, "providers", "Manage prices and multipliers"),
        new(Permissions.RoutingRead, "providers", "See how requests are routed"),
        new(Permissions.RoutingManage, "providers", "Change how requests are routed, open and close circuits"),
        new(Permissions.ProxiesManage, "providers", "Manage upstream proxies"),
        new(Permissions.CreditsReadAll, "usage", "See every credit account"),
        new(Permissions.CreditsGrant, "usage", "Grant credits"),
        new(Permissions.CreditsManage, "usage", "Refund, suspend, limit, reset budgets"),
        new(Permissions.UsageReadAll, "usage", "See everybody's usage"),
        new(Permissions.LogsReadAll, "usage", "See everybody's request logs"),
        new(Permissions.LogsReadBodies, "usage", "Read kept request and response bodies"),
        new(Permissions.LogsExport, "usage", "Export request logs"),
        new(Permissions.AnnouncementsManage, "system", "Write announcements"),
        new(Permissions.WebhooksManage, "system", "Manage system-wide webhooks"),
        new(Permissions.SettingsRead, "system", "See the settings"),
        new(Permissions.SettingsWrite, "system", "Change the settings"),
        new(Permissions.SystemStatus, "system", "See the state of the system and be told of its troubles"),
        new(Permissions.SystemJobs, "system", "See, run and cancel jobs"),
        new(Permissions.SystemCache, "system", "Clear caches"),
        new(Permissions.SystemSecrets, "system", "Make and rotate the secret key"),
        new(Permissions.SystemConfig, "system", "Export and apply the configuration"),
        new(Permissions.AuditRead, "system", "Read and verify the audit log"),
        new(Permissions.BridgeManageAll, "system", "Manage everybody's agents and tokens"),
        new(Permissions.EvalsReadAll, "system", "See everybody's evaluations"),
    ];

    public static IEnumerable<string> Of(string area) => All.Where(p => p.Area == area).Select(p => p.Code);
}
