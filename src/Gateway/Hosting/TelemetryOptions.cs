using System.ComponentModel.DataAnnotations;
using AIHigress.Gateway.Hosting.Settings;

namespace AIHigress.Gateway.Hosting;

/// <summary>Logs, metrics and traces.</summary>
public sealed class TelemetryOptions
{
    public const string Section = "Telemetry";

    [Setting("LOG_LEVEL", "The least severe level that is logged.", Live = true)]
    [AllowedValues("TRACE", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL", "trace", "debug", "info", "warning", "error", "critical")]
    public string LogLevel { get; set; } = "INFO";

    [Setting("LOG_FORMAT", "How log lines look on standard output.")]
    [AllowedValues("json", "text")]
    public string LogFormat { get; set; } = "json";

    [Setting("PROMETHEUS_LISTEN", "An address of its own for /metrics, such as 127.0.0.1:9464; needs no key there.")]
    public string? PrometheusListen { get; set; }

    [Setting("PROMETHEUS_TOKEN", "The bearer token that opens /metrics on the main address; without it and PROMETHEUS_LISTEN there is no /metrics.", Secret = true)]
    [MinLength(16)]
    public string? PrometheusToken { get; set; }

    [Setting("OTEL_EXPORTER_OTLP_ENDPOINT", "Where traces and metrics are sent; nothing leaves the machine while it is unset.")]
    public string? OtlpEndpoint { get; set; }
}
