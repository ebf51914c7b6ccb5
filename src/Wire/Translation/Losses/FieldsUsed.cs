namespace AIHigress.Wire.Translation.Losses;

/// <summary>The fields of one request, and from them what is lost over each target.</summary>
public sealed class FieldsUsed(WireProtocol client)
{
    // A request can hold any number of members that nobody knows; a header can't.
    private const int MostUnknown = 20;

    private readonly List<FieldRule> _rules = [];
    private readonly HashSet<FieldRule> _seen = [];
    private readonly List<string> _unknown = [];
    private readonly LossList?[] _byTarget = new LossList?[4];

    public IReadOnlyList<FieldRule> Rules => _rules;

    /// <summary>Paths of members that stand in no table, in the same words; they are dropped over every other protocol.</summary>
    public IReadOnlyList<string> Unknown => _unknown;

    /// <summary>What is lost over a target: nothing where it speaks the client's own protocol.</summary>
    public LossList To(WireProtocol target) => _byTarget[(int)target] ??= target == client ? LossList.None : Collect(target);

    internal void Add(FieldRule rule)
    {
        if (_seen.Add(rule))
        {
            _rules.Add(rule);
        }
    }

    internal void AddUnknown(string path)
    {
        if (_unknown.Count < MostUnknown && !_unknown.Contains(path))
        {
            _unknown.Add(path);
        }
    }

    private LossList Collect(WireProtocol target) => new(
        [.. _rules.Where(r => r.To(target) == Fate.Dropped).Select(r => r.Path), .. _unknown],
        [.. _rules.Where(r => r.To(target) == Fate.Refused).Select(r => r.Path)]);
}

/// <summary>Paths of what is dropped, and of what makes the target impossible.</summary>
public sealed record LossList(IReadOnlyList<string> Dropped, IReadOnlyList<string> Refused)
{
    public static readonly LossList None = new([], []);
}
