using System.Net;
using System.Security.Cryptography;
using System.Text;
using AIHigress.Gateway.Hosting.Settings;

namespace AIHigress.Gateway.Hosting.Telemetry;

/// <summary>
/// Who may read /metrics: whoever reaches PROMETHEUS_LISTEN, an address that serves nothing else, or on the main address
/// whoever has PROMETHEUS_TOKEN. With neither set there is no /metrics.
/// </summary>
internal sealed class MetricsAccess
{
    private readonly IPEndPoint? _listen;
    private readonly byte[]? _tokenDigest;

    public MetricsAccess(TelemetryOptions options)
    {
        _listen = ListenOn(options);
        _tokenDigest = string.IsNullOrEmpty(options.PrometheusToken) ? null : SHA256.HashData(Encoding.UTF8.GetBytes(options.PrometheusToken));
    }

    public static bool IsWanted(TelemetryOptions options) =>
        !string.IsNullOrEmpty(options.PrometheusListen) || !string.IsNullOrEmpty(options.PrometheusToken);

    /// <exception cref="SettingException">PROMETHEUS_LISTEN is no address with a port.</exception>
    public static IPEndPoint? ListenOn(TelemetryOptions options)
    {
        if (string.IsNullOrEmpty(options.PrometheusListen))
        {
            return null;
        }

        return IPEndPoint.TryParse(options.PrometheusListen, out var endpoint) && endpoint.Port > 0
            ? endpoint
            : throw new SettingException("PROMETHEUS_LISTEN", $"the value '{options.PrometheusListen}' is not allowed; it must be an address with a port, such as 127.0.0.1:9464");
    }

    public static bool IsMetrics(HttpContext context) => context.Request.Path == "/metrics";

    /// <summary>Keeps the metrics address for /metrics alone, and /metrics for those who may.</summary>
    public Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        var onMetricsAddress = _listen is not null && context.Connection.LocalPort == _listen.Port;
        if (!IsMetrics(context))
        {
            return onMetricsAddress ? Refuse(context, StatusCodes.Status404NotFound) : next(context);
        }

        if (onMetricsAddress)
        {
            return next(context);
        }

        return _tokenDigest is null ? Refuse(context, StatusCodes.Status404NotFound)
            : HasToken(context) ? next(context)
            : Refuse(context, StatusCodes.Status401Unauthorized);
    }

    /// <summary>Digests are compared, so that neither length nor content of the token shows in the time taken.</summary>
    private bool HasToken(HttpContext context)
    {
        const string prefix = "Bearer ";
        var header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header[prefix.Length..].Trim())), _tokenDigest!);
    }

    private static Task Refuse(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        return Task.CompletedTask;
    }
}
