using AIHigress.Gateway.Hosting.Settings;
using AIHigress.Gateway.Hosting.Startup;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AIHigress.Gateway.Hosting.Telemetry;

/// <summary>Traces and metrics. Nothing is collected unless somebody asked to see it: OTLP endpoint or Prometheus.</summary>
internal static class TelemetrySetup
{
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var telemetry = builder.Configuration.Read<TelemetryOptions>(TelemetryOptions.Section);
        var server = builder.Configuration.Read<ServerOptions>(ServerOptions.Section);
        var otlp = Endpoint(telemetry);
        var prometheus = MetricsAccess.IsWanted(telemetry);
        if (otlp is null && !prometheus)
        {
            return;
        }

        var open = builder.Services.AddOpenTelemetry().ConfigureResource(resource =>
            resource.AddService("aihigress", serviceVersion: StartBanner.Version, serviceInstanceId: server.ReplicaId));
        open.WithMetrics(metrics =>
        {
            metrics.AddMeter(GatewayTelemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql").AddRuntimeInstrumentation();
            if (prometheus)
            {
                metrics.AddPrometheusExporter();
            }

            if (otlp is not null)
            {
                metrics.AddOtlpExporter();
            }
        });
        if (otlp is not null)
        {
            open.WithTracing(traces => traces.AddSource(GatewayTelemetry.Name, "Microsoft.AspNetCore", "Npgsql").AddOtlpExporter());
        }
    }

    /// <exception cref="SettingException">The endpoint is no URL.</exception>
    private static Uri? Endpoint(TelemetryOptions telemetry)
    {
        if (string.IsNullOrEmpty(telemetry.OtlpEndpoint))
        {
            return null;
        }

        return Uri.TryCreate(telemetry.OtlpEndpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new SettingException("OTEL_EXPORTER_OTLP_ENDPOINT", $"the value '{telemetry.OtlpEndpoint}' is not allowed; it must be a URL such as http://127.0.0.1:4317");
    }
}
