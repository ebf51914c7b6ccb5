using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace AIHigress.Gateway.Hosting.Telemetry;

/// <summary>The one source of spans and the one meter of this server; features add their own instruments to it.</summary>
internal static class GatewayTelemetry
{
    public const string Name = "AIHigress.Gateway";

    public static readonly ActivitySource Activities = new(Name);

    public static readonly Meter Meter = new(Name);
}
