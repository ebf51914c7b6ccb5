using System.Diagnostics.Metrics;
using AIHigress.Gateway.Hosting.Telemetry;

namespace AIHigress.Gateway.Hosting.Redis;

/// <summary>Whether Redis can be used, and what it left undone.</summary>
internal sealed class RedisMetrics : IDisposable
{
    private readonly Meter _meter = new(GatewayTelemetry.Name);
    private readonly Counter<long> _failed;

    public RedisMetrics(RedisLink link)
    {
        _failed = _meter.CreateCounter<long>("aihigress.redis.failures", "{operation}", "Operations that Redis did not do, by reason: timeout, connection, refused");
        if (link.IsConfigured)
        {
            _meter.CreateObservableGauge("aihigress.redis.up", () => link.IsUp ? 1 : 0, null, "1 while Redis answers in time, 0 while this replica does without");
        }
    }

    public void Failed(string reason) => _failed.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Dispose() => _meter.Dispose();
}
