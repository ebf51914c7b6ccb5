using AIHigress.Gateway.Features.Providers.Catalogue;
using AIHigress.Gateway.Features.Providers.Editing;
using AIHigress.Gateway.Features.Providers.Health;
using AIHigress.Gateway.Features.Providers.Hosts;
using AIHigress.Gateway.Features.Providers.Keys;

namespace AIHigress.Gateway.Features.Providers;

/// <summary>Providers, their keys, discovery and tests.</summary>
internal static class ProvidersFeature
{
    public static IHostApplicationBuilder AddProviders(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<INameResolver, SystemNameResolver>();
        services.AddSingleton<UpstreamHosts>();
        services.AddSingleton<ProviderSecrets>();
        services.AddSingleton<ProviderHealthBoard>();
        services.AddSingleton<ProviderRouteFactory>();
        services.AddSingleton<KeyFactory>();
        services.AddSingleton<ProviderKeyReports>();
        services.AddSingleton<IProviderKeyReports>(s => s.GetRequiredService<ProviderKeyReports>());
        services.AddHostedService(s => s.GetRequiredService<ProviderKeyReports>());
        services.AddScoped<ProviderList>();
        services.AddScoped<ProviderQuota>();
        services.AddScoped<ProviderCreation>();
        services.AddScoped<ProviderChange>();
        services.AddScoped<ProviderDeletion>();
        services.AddScoped<OperationSwitch>();
        services.AddScoped<KeyPool>();
        services.AddScoped<ModelChange>();
        services.AddScoped<ModelDiscoverer>();
        services.AddSingleton<DiscoverySignal>();
        services.AddSingleton<DiscoveryGates>();
        services.AddHostedService<DiscoveryWorker>();
        return builder;
    }

    public static IEndpointRouteBuilder MapProviders(this IEndpointRouteBuilder routes)
    {
        ProviderEndpoints.Map(routes);
        return routes;
    }
}
