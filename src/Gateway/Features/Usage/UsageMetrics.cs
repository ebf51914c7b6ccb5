using System.Diagnostics.Metrics;
using AIHigress.Gateway.Hosting.Telemetry;

namespace AIHigress.Gateway.Features.Usage;

/// <summary>Counters of the journal and its drain.</summary>
internal sealed class UsageMetrics
{
    private readonly Counter<long> _drained = GatewayTelemetry.Meter.CreateCounter<long>(
        "aihigress.journal.drained", "{record}", "Usage records moved from the journal to the database");

    public void Drained(int records) => _drained.Add(records);
}
