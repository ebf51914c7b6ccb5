using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Metering;
using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.DataPlane.Upstream;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Models.Policies;

namespace AIHigress.Gateway.DataPlane.Attempts;

/// <summary>Takes what an attempt of one request needs: a key, a place, the circuit's leave, a clock.</summary>
internal sealed class AttemptStarter(
    ExchangeLog log,
    InboundCall call,
    LogicalRoute? route,
    DataPlaneOptions settings,
    PolicyTimeouts policy,
    KeyPool keys,
    TimeProvider time,
    CancellationToken client,
    CancellationToken ending)
{
    /// <summary>The overall deadline, as a timestamp.</summary>
    public long Deadline { get; } = log.Started + Ticks(call.Choices.Timeout ?? TimeSpan.FromMilliseconds(policy.TotalMs ?? settings.RequestTimeoutMs), time);

    /// <summary>Null when the candidate's key or place is taken, or (<paramref name="isShut"/>) its circuit does not let it pass.</summary>
    public LiveAttempt? TryStart(
        Candidate candidate, IReadOnlyList<Guid> usedKeys, Guid? wantedKey, bool anyCircuit, string? role, AttemptRun? run, out bool isShut)
    {
        isShut = false;
        if (keys.TryTake(candidate.Upstream.Provider, usedKeys, wantedKey) is not { } lease)
        {
            return null;
        }

        var circuit = candidate.State.Circuit;
        if (!circuit.TryStart(out var pass))
        {
            if (!anyCircuit && !candidate.IgnoresCircuit)
            {
                isShut = true;
                lease.Dispose();
                return null;
            }

            pass = circuit.StartAnyway();
        }

        var times = AttemptTimes.For(candidate.Upstream, route, policy, settings);
        var clock = new AttemptClock(time, Math.Min(Deadline, time.GetTimestamp() + Ticks(times.Total, time)), client, ending);
        return new LiveAttempt(candidate, lease, pass, clock, times, log.ElapsedMs) { Role = role, Run = run };
    }

    private static long Ticks(TimeSpan span, TimeProvider time) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
