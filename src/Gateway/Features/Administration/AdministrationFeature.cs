using AIHigress.Gateway.Features.Administration.Configuration;
using AIHigress.Gateway.Features.Administration.Configuration.Applying;
using AIHigress.Gateway.Features.Administration.Proxies;
using AIHigress.Gateway.Hosting.Startup;

namespace AIHigress.Gateway.Features.Administration;

/// <summary>Settings, configuration as code, upstream proxies.</summary>
internal static class AdministrationFeature
{
    public static IHostApplicationBuilder AddAdministration(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IConfigurationFiles, ConfigurationFiles>();
        builder.Services.AddScoped<ConfigurationExporter>();
        builder.Services.AddScoped<ConfigurationApplier>();
        builder.Services.AddSingleton<IStartupStep, ConfigurationStartup>();
        builder.Services.AddHostedService<ConfigurationWatcher>();
        builder.Services.AddProxies();
        return builder;
    }

    public static IEndpointRouteBuilder MapAdministration(this IEndpointRouteBuilder routes)
    {
        ProxyEndpoints.Map(routes);
        return routes;
    }
}
