using AIHigress.Gateway.Hosting.Snapshots;
using AIHigress.Gateway.Hosting.Startup;
using AIHigress.Gateway.Hosting.Telemetry;
using AIHigress.Gateway.Hosting.Web;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Hosting;

/// <summary>What makes the process a well-behaved server, whatever it serves.</summary>
internal static class HostingFeature
{
    public static WebApplicationBuilder AddHosting(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddLogs();
        services.AddSingleton<ServerState>();
        services.AddSingleton<DataFolder>();
        services.AddSingleton<PublicAddress>();
        services.AddSingleton<SnapshotRefresher>();
        services.AddHostedService(provider => provider.GetRequiredService<SnapshotRefresher>());
        services.AddOptions<HostOptions>().Configure<IOptions<ServerOptions>>((host, server) =>
            host.ShutdownTimeout = TimeSpan.FromSeconds(server.Value.ShutdownGraceSeconds));
        return builder;
    }

    public static WebApplication UseHosting(this WebApplication app)
    {
        app.Services.GetRequiredService<ServerState>().Follow(app.Lifetime);
        app.UseStaticFiles();
        return app;
    }

    public static IEndpointRouteBuilder MapHosting(this IEndpointRouteBuilder routes)
    {
        return routes;
    }
}
