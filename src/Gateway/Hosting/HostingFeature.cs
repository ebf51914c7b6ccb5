using AIHigress.Gateway.Hosting.Cluster;
using AIHigress.Gateway.Hosting.Errors;
using AIHigress.Gateway.Hosting.Redis;
using AIHigress.Gateway.Hosting.Settings;
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
        builder.AddLogs();
        builder.AddTelemetry();
        var services = builder.Services;
        services.AddSingleton<ServerState>();
        services.AddSingleton<PublicAddress>();
        services.AddSingleton<ManagementLimit>();
        services.AddRedis(builder.Configuration.Read<RedisOptions>(RedisOptions.Section));
        services.AddSingleton<ReplicaName>();
        services.AddSingleton<LeaseKeeper>();
        services.AddSingleton<ILeadership>(provider => provider.GetRequiredService<LeaseKeeper>());
        services.AddHostedService(provider => provider.GetRequiredService<LeaseKeeper>());
        services.AddSingleton<SnapshotRefresher>();
        services.AddHostedService(provider => provider.GetRequiredService<SnapshotRefresher>());
        services.AddHostedService<ChangeNews>();
        // The data plane ends its streams when the grace is over; the host waits a little longer, so that their ends get out.
        services.AddOptions<HostOptions>().Configure<IOptions<ServerOptions>>((host, server) =>
            host.ShutdownTimeout = TimeSpan.FromSeconds(server.Value.ShutdownGraceSeconds + 5));

        services.AddSingleton<IProblemDetailsWriter, ValidationProblemWriter>();
        services.AddProblemDetails();
        services.AddExceptionHandler<ProblemExceptionHandler>();
        services.AddValidation();
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json => JsonSetup.Apply(json.SerializerOptions));
        services.AddCrossOrigin(builder.Configuration.Read<WebOptions>(WebOptions.Section).CorsAllowOrigins);
        services.AddApiReference();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        return builder;
    }

    /// <summary>The part of the pipeline before anybody is known.</summary>
    public static WebApplication UseHosting(this WebApplication app)
    {
        app.Services.GetRequiredService<ServerState>().Follow(app.Lifetime);
        var web = app.Services.GetRequiredService<IOptions<WebOptions>>().Value;
        var telemetry = app.Services.GetRequiredService<IOptions<TelemetryOptions>>().Value;

        app.UseExceptionHandler();
        if (ForwardedAddresses.Read(web.TrustedProxies) is { } forwarded)
        {
            app.UseForwardedHeaders(forwarded);
        }

        app.Use(SecurityHeaders.ApplyAsync);
        if (MetricsAccess.IsWanted(telemetry))
        {
            app.Use(new MetricsAccess(telemetry).HandleAsync);
            app.UseOpenTelemetryPrometheusScrapingEndpoint(MetricsAccess.IsMetrics);
        }

        app.UseStaticFiles();
        app.UseRouting();
        if (web.CorsAllowOrigins.Length > 0)
        {
            app.UseCors();
        }

        app.UseWhen(ManagementRequests.IsManagement, management => management.Use(ManagementRequests.HandleAsync));
        return app;
    }

    /// <summary>The part after the caller is known.</summary>
    public static WebApplication UseManagementLimit(this WebApplication app)
    {
        app.UseWhen(ManagementRequests.IsManagement, management => management.Use(app.Services.GetRequiredService<ManagementLimit>().HandleAsync));
        return app;
    }

    public static IEndpointRouteBuilder MapHosting(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        routes.MapHealth();
        routes.MapHomePage();
        if (services.GetRequiredService<IOptions<WebOptions>>().Value.ShowsApiDocs(services.GetRequiredService<IOptions<ServerOptions>>().Value))
        {
            routes.MapApiReference();
        }

        return routes;
    }
}
