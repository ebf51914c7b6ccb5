using AIHigress.Gateway.Features.Providers.Health.Probing;
using AIHigress.Gateway.Features.Providers.Health.Reading;
using AIHigress.Gateway.Features.Providers.Health.Traffic;
using AIHigress.Gateway.Hosting.Cluster;
using AIHigress.Gateway.Hosting.Snapshots;

namespace AIHigress.Gateway.Features.Providers.Health;

/// <summary>What watches the providers: every replica counts its traffic, one of the cluster probes and judges, all read the result.</summary>
internal static class ProviderHealthParts
{
    public static IServiceCollection AddProviderHealth(this IServiceCollection services)
    {
        services.AddSingleton<ProviderHealthBoard>();
        services.AddSingleton<ISnapshotSource, HealthSource>();
        services.AddSingleton<ProviderTraffic>();
        services.AddSingleton<TrafficWriter>();
        services.AddHostedService(s => s.GetRequiredService<TrafficWriter>());
        services.AddSingleton(new ClusterJob(HealthWorker.Job));
        services.AddSingleton<HealthMetrics>();
        services.AddSingleton<Prober>();
        services.AddScoped<ProbeRound>();
        services.AddScoped<TrafficReader>();
        services.AddScoped<TrafficFold>();
        services.AddScoped<AutoPause>();
        services.AddScoped<Uptime>();
        services.AddScoped<HealthRound>();
        services.AddSingleton<HealthWorker>();
        services.AddHostedService(s => s.GetRequiredService<HealthWorker>());
        services.AddScoped<ProbeChange>();
        services.AddScoped<HealthReader>();
        services.AddScoped<StatusReader>();
        return services;
    }
}
