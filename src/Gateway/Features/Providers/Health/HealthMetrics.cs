using System.Diagnostics.Metrics;
using AIHigress.Gateway.Hosting.Telemetry;

namespace AIHigress.Gateway.Features.Providers.Health;

/// <summary>Counts probes, and shows every provider's health as a number: 0 unknown, 1 healthy, 2 degraded, 3 down.</summary>
internal sealed class HealthMetrics
{
    private readonly Counter<long> _probes;

    public HealthMetrics(ProviderHealthBoard board)
    {
        var meter = GatewayTelemetry.Meter;
        _probes = meter.CreateCounter<long>("aihigress.provider.probes", "{probe}", "Probes of providers");
        meter.CreateObservableGauge(
            "aihigress.provider.health",
            () => board.Current.Select(p => new Measurement<int>((int)p.Value, new KeyValuePair<string, object?>("gen_ai.provider.name", p.Key))),
            description: "Health of each provider: 0 unknown, 1 healthy, 2 degraded, 3 down");
    }

    public void Probed(string provider, ProbeOutcome outcome) =>
        _probes.Add(1, new("gen_ai.provider.name", provider), new("outcome", Common.EnumFilter.Name(outcome)));
}
