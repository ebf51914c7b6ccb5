using AIHigress.Gateway.Features.Providers.Health;

namespace AIHigress.Gateway.DataPlane.Routing.Filters;

/// <summary>What the filters left, over a logical model and its fallbacks.</summary>
internal sealed class FilterResult
{
    private static readonly List<Exclusion> Nothing = [];

    private List<Exclusion>? _exclusions;
    private IReadOnlyList<string>? _unsupported;
    private int? _longestContext;
    private TimeSpan? _recovery;

    public List<Candidate> Candidates { get; } = [];

    public IReadOnlyList<Exclusion> Exclusions => _exclusions ?? Nothing;

    public bool AnyVisible { get; set; }

    public bool AnyExcludedByHeader { get; set; }

    /// <summary>Upstreams that the caller does not want left out and that reached the filters about what the request needs, and those that passed them.</summary>
    public int Fit { get; set; }

    public int Fitting { get; set; }

    /// <summary>Of the candidates that only our own guess keeps out (circuit, health), the one that has been out longest.</summary>
    public Candidate? FirstShut { get; private set; }

    public void Exclude(Exclusion exclusion) => (_exclusions ??= []).Add(exclusion);

    /// <summary>Keeps the shortest list of what some upstream could not take.</summary>
    public void AddUnsupported(IReadOnlyList<string> fields)
    {
        if (_unsupported is null || fields.Count < _unsupported.Count)
        {
            _unsupported = fields;
        }
    }

    public void AddTooLong(int context) => _longestContext = Math.Max(context, _longestContext ?? 0);

    public void AddShut(Candidate candidate)
    {
        if (FirstShut is null || Rank(candidate).CompareTo(Rank(FirstShut)) < 0)
        {
            FirstShut = candidate;
        }
    }

    public void AddRecovery(TimeSpan? wait)
    {
        if (wait is { } span && (_recovery is null || span < _recovery))
        {
            _recovery = span;
        }
    }

    /// <summary>What the client gets when nothing is left.</summary>
    public GatewayError Refusal()
    {
        if (Fit > 0 && Fitting == 0)
        {
            if (_unsupported is { } fields)
            {
                return GatewayError.Unsupported(fields);
            }

            if (_longestContext is { } context && !Any(Reasons.SealedElsewhere))
            {
                return GatewayError.PromptTooLong(context);
            }
        }

        if (AnyExcludedByHeader && Only(e => Reasons.IsUnfit(e.Reason) || e.Reason is Reasons.ExcludedByHeader))
        {
            return GatewayError.Invalid("X-Route-Providers and X-Route-Exclude leave no provider for this model. Name others, or leave the headers out.");
        }

        if (Any(Reasons.SealedElsewhere))
        {
            return GatewayError.SealedElsewhere(_recovery);
        }

        return Only(e => e.Reason == Reasons.OverBudget) ? GatewayError.OverBudget() : GatewayError.NoProvider("No provider can take this request at the moment.", _recovery);
    }

    // A provider that is down by its probes is tried after those that only our own circuits keep out.
    private static (bool, long) Rank(Candidate candidate) => (candidate.Health == ProviderHealth.Down, candidate.State.Circuit.OpenedAt);

    private bool Any(string reason) => _exclusions?.Exists(e => e.Reason == reason) == true;

    private bool Only(Predicate<Exclusion> isIt) => _exclusions?.TrueForAll(e => isIt(e) || Reasons.IsHidden(e.Reason)) == true;
}
