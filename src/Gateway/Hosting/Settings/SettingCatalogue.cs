using System.Reflection;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.DataPlane;
using AIHigress.Gateway.DataPlane.Sessions;
using AIHigress.Gateway.Features.Administration;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Identity.Budgets;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Providers.Proxies;
using AIHigress.Gateway.Features.Responses;
using AIHigress.Gateway.Features.Usage;
using AIHigress.Gateway.Hosting.Cluster;
using AIHigress.Gateway.Hosting.Redis;

namespace AIHigress.Gateway.Hosting.Settings;

/// <summary>The one table of settings: every options class that has flat names, in the order of the reference.</summary>
internal static class SettingCatalogue
{
    public static readonly IReadOnlyList<(string Section, Type Options)> Sections =
    [
        (ServerOptions.Section, typeof(ServerOptions)),
        (SecretOptions.Section, typeof(SecretOptions)),
        (StorageOptions.Section, typeof(StorageOptions)),
        (RedisOptions.Section, typeof(RedisOptions)),
        (ClusterOptions.Section, typeof(ClusterOptions)),
        (WebOptions.Section, typeof(WebOptions)),
        (FirstUserOptions.Section, typeof(FirstUserOptions)),
        (SignInOptions.Section, typeof(SignInOptions)),
        (ApiKeyOptions.Section, typeof(ApiKeyOptions)),
        (BudgetOptions.Section, typeof(BudgetOptions)),
        (ProvidersOptions.Section, typeof(ProvidersOptions)),
        (UpstreamProxyOptions.Section, typeof(UpstreamProxyOptions)),
        (DataPlaneOptions.Section, typeof(DataPlaneOptions)),
        (RoutingSessionOptions.Section, typeof(RoutingSessionOptions)),
        (ResponsesOptions.Section, typeof(ResponsesOptions)),
        (UsageOptions.Section, typeof(UsageOptions)),
        (TelemetryOptions.Section, typeof(TelemetryOptions)),
    ];

    public static readonly IReadOnlyList<SettingDefinition> All = [.. Sections.SelectMany(Read)];

    private static readonly Dictionary<string, SettingDefinition> ByName = Index();

    /// <summary>Finds a setting by its flat name in any letter case.</summary>
    public static SettingDefinition? Find(string name) => ByName.GetValueOrDefault(name);

    private static IEnumerable<SettingDefinition> Read((string Section, Type Options) entry)
    {
        var defaults = Activator.CreateInstance(entry.Options);
        return from property in entry.Options.GetProperties()
               let setting = property.GetCustomAttribute<SettingAttribute>()
               where setting is not null
               select new SettingDefinition(setting, entry.Section, property, property.GetValue(defaults));
    }

    private static Dictionary<string, SettingDefinition> Index()
    {
        var index = new Dictionary<string, SettingDefinition>(StringComparer.OrdinalIgnoreCase);
        foreach (var definition in All)
        {
            index.Add(definition.Name, definition);
            if (definition.Setting.OtherName is { } other)
            {
                index.Add(other, definition);
            }
        }

        return index;
    }
}
