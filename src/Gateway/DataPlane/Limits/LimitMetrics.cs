using System.Diagnostics.Metrics;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Hosting.Redis;
using AIHigress.Gateway.Hosting.Telemetry;

namespace AIHigress.Gateway.DataPlane.Limits;

/// <summary>What limits do: whom they refuse, how long Redis takes, and who counts.</summary>
internal sealed class LimitMetrics
{
    private readonly Counter<long> _refused;
    private readonly Histogram<double> _redis;

    public LimitMetrics(RedisLink link, ConcurrencyGate gate)
    {
        var meter = GatewayTelemetry.Meter;
        _refused = meter.CreateCounter<long>("aihigress.limits.refused", "{request}", "Requests refused by a limit, by whose (scope) and of what (unit)");
        _redis = meter.CreateHistogram<double>("aihigress.limits.redis.duration", "s", "Time that a claim on limits waited for Redis");
        meter.CreateObservableGauge(
            "aihigress.limits.shared", () => link.IsUp ? 1 : 0, "1", "1 while Redis counts for all replicas, 0 while this replica counts for itself");
        meter.CreateObservableGauge("aihigress.requests.running", () => gate.Running, "{request}", "AI requests that run in this process");
        meter.CreateObservableGauge("aihigress.requests.queued", () => gate.Waiting, "{request}", "AI requests that wait for a place in this process");
    }

    public void Refused(LimitScope scope, LimitUnit unit) =>
        _refused.Add(1, new("scope", EnumFilter.Name(scope)), new("unit", EnumFilter.Name(unit)));

    public void OverBudget() => _refused.Add(1, new("scope", "key"), new("unit", "money"));

    public void UnknownCaller() => _refused.Add(1, new("scope", "address"), new("unit", "requests"));

    /// <summary>No place in this process in time.</summary>
    public void ServerFull() => _refused.Add(1, new("scope", "server"), new("unit", "concurrency"));

    public void AskedRedis(TimeSpan duration, bool answered) => _redis.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("answered", answered));
}
