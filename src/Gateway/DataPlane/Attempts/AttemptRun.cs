using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Metering;
using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.DataPlane.Upstream;

namespace AIHigress.Gateway.DataPlane.Attempts;

/// <summary>One request's way through its plan: which candidate and key comes next, and what failed so far. One request uses it, nobody else.</summary>
internal sealed class AttemptRun(ExchangeLog log, InboundCall call, RoutePlan plan, SealMaker? maker, int mostAttempts, AttemptStarter starter)
{
    private Queue<Candidate>? _skipped;
    private IReadOnlyList<Guid> _usedKeys = plan.ClosedKeys;
    private List<AttemptFailure>? _failures;
    private Candidate? _again;
    private int _next;
    private int _started;

    public ExchangeLog Log { get; } = log;

    public InboundCall Call { get; } = call;

    public RoutePlan Plan { get; } = plan;

    public List<AttemptFailure> Failures => _failures ??= [];

    /// <summary>A stream that is too slow for the model's guard: kept, silent, until another answers or nobody is left.</summary>
    public LiveAttempt? Slow { get; set; }

    /// <summary>The request has had its one hedge.</summary>
    public bool IsHedged { get; set; }

    /// <summary>The overall deadline, as a timestamp.</summary>
    public long Deadline => starter.Deadline;

    /// <summary>Another attempt may follow; it may still find its key or place taken.</summary>
    public bool MayGoOn => _started < mostAttempts && (_again is not null || _next < Plan.Candidates.Count || _skipped is { Count: > 0 });

    /// <summary>Starts the next attempt; null when there is none.</summary>
    /// <param name="role">One of <see cref="AttemptRoles"/>.</param>
    /// <param name="isFit">Candidates that are not are passed over for good.</param>
    public LiveAttempt? Next(string? role = null, Predicate<Candidate>? isFit = null)
    {
        while (MayGoOn)
        {
            var anyCircuit = _again is null && _next >= Plan.Candidates.Count;
            var candidate = Take(anyCircuit);
            if (isFit is not null && !isFit(candidate))
            {
                continue;
            }

            var wanted = maker?.Provider == candidate.Upstream.Provider.Id ? maker.Key : null;
            var attempt = starter.TryStart(candidate, _usedKeys, wanted, anyCircuit, role, this, out var isShut);
            if (attempt is not null)
            {
                _started++;
                return attempt;
            }

            if (isShut && !anyCircuit)
            {
                (_skipped ??= new Queue<Candidate>()).Enqueue(candidate);
            }
        }

        return null;
    }

    /// <summary>401, 402, 403 and 429 are about the key: the next attempt is one more on another key of the same provider, once.</summary>
    public void MayTryOtherKey(LiveAttempt attempt, AttemptFailure failure)
    {
        if (attempt.Lease.Key is { } key && _usedKeys.Count == Plan.ClosedKeys.Count && attempt.Candidate.Upstream.Provider.Keys.Count > 1
            && failure.Kind is FailureKind.Auth or FailureKind.RateLimited)
        {
            _usedKeys = [.. _usedKeys, key.Id];
            _again = attempt.Candidate;
        }
    }

    private Candidate Take(bool anyCircuit)
    {
        if (_again is { } again)
        {
            _again = null;
            return again;
        }

        _usedKeys = Plan.ClosedKeys;
        if (!anyCircuit)
        {
            return Plan.Candidates[_next++];
        }

        // Nothing else is left: another request's trial must not refuse this one.
        return _skipped!.Dequeue();
    }
}
