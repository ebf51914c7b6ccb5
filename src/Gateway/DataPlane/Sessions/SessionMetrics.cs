using System.Diagnostics.Metrics;
using AIHigress.Gateway.Hosting.Telemetry;

namespace AIHigress.Gateway.DataPlane.Sessions;

/// <summary>What sessions could not keep.</summary>
internal sealed class SessionMetrics
{
    private readonly Counter<long> _dropped = GatewayTelemetry.Meter.CreateCounter<long>(
        "aihigress.sessions.dropped", "{record}", "Bindings, exchanges and makers of sealed items that were not kept, by kind");

    public void Dropped(string kind) => _dropped.Add(1, new KeyValuePair<string, object?>("kind", kind));
}
