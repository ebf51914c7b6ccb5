using AIHigress.Gateway.Features.Administration.Proxies.Jobs;
using AIHigress.Gateway.Features.Administration.Proxies.Sources;
using AIHigress.Gateway.Hosting.Cluster;
using AIHigress.Gateway.Hosting.Snapshots;

namespace AIHigress.Gateway.Features.Administration.Proxies;

/// <summary>The proxy pool's part of the feature.</summary>
internal static class ProxyRegistration
{
    public static IServiceCollection AddProxies(this IServiceCollection services)
    {
        services.AddSingleton<ProxySecrets>();
        services.AddSingleton<ISnapshotSource, ProxySnapshot>();
        services.AddScoped<ProxyList>();
        services.AddScoped<ProxyChange>();
        services.AddScoped<ProxyImport>();
        services.AddScoped<ProxyConfigChange>();
        services.AddScoped<ProxySourceChange>();
        services.AddScoped<ProxySourceSync>();
        services.AddScoped<ProxySourceRefresh>();
        services.AddScoped<ProxyChecks>();
        services.AddSingleton<ProxyCheckSignal>();
        services.AddSingleton(new ClusterJob(ProxyCheckJob.Name));
        services.AddSingleton(new ClusterJob(ProxyRefreshJob.Name));
        services.AddHostedService<ProxyCheckJob>();
        services.AddHostedService<ProxyRefreshJob>();
        services.AddHostedService<ProxyFailureDrain>();
        return services;
    }
}
