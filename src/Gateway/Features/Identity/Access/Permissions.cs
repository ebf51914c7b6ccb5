using System.Collections.Frozen;

namespace AIHigress.Gateway.Features.Identity.Access;

/// <summary>Permission codes (control-plane.md §3.3) that routes of this version ask for.</summary>
internal static class Permissions
{
    public const string KeysOwn = "keys.own";
    public const string KeysReadAll = "keys.read_all";
    public const string KeysManageAll = "keys.manage_all";
    public const string ProvidersOwn = "providers.own";
    public const string ProvidersReadAll = "providers.read_all";
    public const string ProvidersManageAll = "providers.manage_all";
    public const string ProvidersOperate = "providers.operate";
    public const string ModelsManage = "models.manage";
    public const string RoutingRead = "routing.read";
    public const string RoutingManage = "routing.manage";
    public const string LogsReadAll = "logs.read_all";

    /// <summary>Every code above: what a superuser holds.</summary>
    public static readonly FrozenSet<string> All = FrozenSet.Create(
        StringComparer.Ordinal, KeysOwn, KeysReadAll, KeysManageAll, ProvidersOwn, ProvidersReadAll, ProvidersManageAll, ProvidersOperate,
        ModelsManage, RoutingRead, RoutingManage, LogsReadAll);

    /// <summary>What every active user may do; superusers may do everything.</summary>
    public static readonly FrozenSet<string> Member = FrozenSet.Create(StringComparer.Ordinal, KeysOwn, ProvidersOwn);
}
