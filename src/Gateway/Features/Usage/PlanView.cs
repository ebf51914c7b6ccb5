namespace AIHigress.Gateway.Features.Usage;

/// <summary>
/// What the planner chose from and why: the same for a request's trace and for a decision that sends nothing. Candidates are in
/// the order of trying. A trace keeps the first ones of each list, and how many there were.
/// </summary>
public sealed record PlanView
{
    /// <summary>The logical model that the name meant; null when there is none for this caller.</summary>
    public string? LogicalModel { get; init; }

    public string? Strategy { get; init; }

    /// <summary>What put the first candidate first instead of the strategy: session, maker or prefix.</summary>
    public string? Stickiness { get; init; }

    public IReadOnlyList<PlanCandidate> Candidates { get; init; } = [];

    public int CandidateCount { get; init; }

    public IReadOnlyList<PlanExclusion> Excluded { get; init; } = [];

    public int ExcludedCount { get; init; }

    public IReadOnlyList<PlanFallback> Fallbacks { get; init; } = [];

    /// <summary>What the client is refused with; null when there is a candidate.</summary>
    public string? Error { get; init; }

    /// <summary>Upstreams at providers that the reader may not see; they are in no list.</summary>
    public int Hidden { get; init; }

    /// <summary>What a record of an earlier version says, in its own words.</summary>
    public string? Text { get; init; }

    /// <summary>Leaves out what belongs to providers that the reader may not see.</summary>
    public PlanView For(Func<string, bool> isVisible)
    {
        List<PlanCandidate> candidates = [.. Candidates.Where(c => isVisible(c.Provider))];
        List<PlanExclusion> excluded = [.. Excluded.Where(e => isVisible(e.Provider))];
        return this with
        {
            Candidates = candidates,
            Excluded = excluded,
            Hidden = Candidates.Count - candidates.Count + Excluded.Count - excluded.Count,
        };
    }
}

/// <summary>One candidate with the terms of its score, already weighted by the strategy's coefficients; a term is null while nothing is known for it.</summary>
public sealed record PlanCandidate
{
    public int Rank { get; init; }
    public required string LogicalModel { get; init; }
    public required string Provider { get; init; }
    public required string Model { get; init; }
    public double Score { get; init; }
    public double WeightTerm { get; init; }
    public double? LatencyTerm { get; init; }
    public double? ErrorTerm { get; init; }
    public double? CostTerm { get; init; }
    public double? PenaltyTerm { get; init; }

    /// <summary>The weight that traffic has made of the given one, in parts of it.</summary>
    public double? DynamicWeight { get; init; }

    /// <summary>The key it is (decision: would be) called with.</summary>
    public string? KeyLabel { get; init; }

    /// <summary>closed, open, half_open or trial.</summary>
    public string Circuit { get; init; } = Closed;

    /// <summary>unknown, healthy, degraded or down.</summary>
    public string Health { get; init; } = Unknown;
    public int InFlight { get; init; }
    public long Samples { get; init; }

    /// <summary>Tried although its circuit or its health is against it, because nothing else was left.</summary>
    public bool TriedAnyway { get; init; }

    internal const string Closed = "closed";
    internal const string Open = "open";
    internal const string HalfOpen = "half_open";
    internal const string Trial = "trial";

    internal const string Unknown = "unknown";
    internal const string Healthy = "healthy";
    internal const string Degraded = "degraded";
    internal const string Down = "down";
}

/// <summary>One upstream that is no candidate.</summary>
/// <param name="LogicalModel">The model that was asked for, or the fallback.</param>
/// <param name="Provider">Provider id.</param>
/// <param name="Model">Upstream model id.</param>
/// <param name="Reason">A stable code.</param>
/// <param name="Text">The same for people, with the figures of this request.</param>
public sealed record PlanExclusion(string LogicalModel, string Provider, string Model, string Reason, string? Text);

/// <summary>A logical model that was asked after the first.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Reason">Why it gave no candidate at all: unknown_model, not_allowed_for_key or model_disabled.</param>
public sealed record PlanFallback(string Model, string? Reason);
