using AIHigress.Gateway.Data;
using AIHigress.Gateway.Data.Startup;
using AIHigress.Gateway.Features.Administration.Configuration;
using AIHigress.Gateway.Hosting.Settings;
using AIHigress.Gateway.Hosting.Telemetry;

namespace AIHigress.Gateway.Hosting;

/// <summary>The bare web host that features are added to.</summary>
internal static class WebHostSetup
{
    /// <summary>A builder with configuration and options in place, and the database it names.</summary>
    public static WebApplicationBuilder CreateBuilder(StartSettings settings, out DatabaseUrl database)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            // The framework's Development mode shows stack traces to clients; APP_ENV never means that.
            EnvironmentName = Environments.Production,
            ContentRootPath = settings.ContentRoot ?? AppContext.BaseDirectory,
            ApplicationName = typeof(WebHostSetup).Assembly.GetName().Name,
        });
        builder.AddSettings(settings);
        ConfigurationSettings.Load(settings.Layers, builder.Configuration.Read<ServerOptions>(ServerOptions.Section).ConfigFile);
        var server = builder.Configuration.Read<ServerOptions>(ServerOptions.Section);
        var storage = builder.Configuration.Read<StorageOptions>(StorageOptions.Section);
        database = DatabaseUrl.Parse(storage.DatabaseUrl, server.DataDir, storage.DatabasePoolSize);
        builder.Host.UseDefaultServiceProvider(provider =>
        {
            provider.ValidateScopes = !server.IsProduction;
            provider.ValidateOnBuild = !server.IsProduction;
        });
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseUrls(Addresses(settings, builder.Configuration, server));
        return builder;
    }

    /// <summary>--urls, else the host's own variables (containers set them), else PORT; and PROMETHEUS_LISTEN.</summary>
    private static string[] Addresses(StartSettings settings, ConfigurationManager configuration, ServerOptions server)
    {
        var main = settings.Urls ?? configuration["urls"] ?? $"http://127.0.0.1:{server.Port}";
        var metrics = MetricsAccess.ListenOn(configuration.Read<TelemetryOptions>(TelemetryOptions.Section));
        return [.. main.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), .. metrics is null ? [] : new[] { $"http://{metrics}" }];
    }
}
