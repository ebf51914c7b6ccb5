namespace AIHigress.Wire.Translation.Losses;

/// <summary>The fields of one request, and from them what is lost over each target.</summary>
public sealed class FieldsUsed(WireProtocol client)
{
    // A request can hold any number of members that nobody knows; a header can't.
    private const int MostUnknown = 20;
    private const int LongestPath = 120;

    private readonly List<FieldRule> _rules = [];
    private readonly HashSet<FieldRule> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly List<string> _unknown = [];
    private readonly List<(FieldNode Place, string Name)> _seenUnknown = [];
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

    /// <summary>Only the first of them, each once, cost memory.</summary>
    /// <param name="place">What it stands in.</param>
    /// <param name="name">Of a member, or the kind that an element says it is.</param>
    /// <param name="isVariant">It is a kind.</param>
    internal void AddUnknown(FieldNode place, ReadOnlySpan<char> name, bool isVariant)
    {
        if (_seenUnknown.Count == MostUnknown)
        {
            return;
        }

        foreach (var (knownPlace, knownName) in _seenUnknown)
        {
            if (knownPlace == place && name.SequenceEqual(knownName))
            {
                return;
            }
        }

        var text = name.ToString();
        _seenUnknown.Add((place, text));
        var path = Clean(isVariant ? $"{place.Path}[{text}]" : place.Path.Length == 0 ? text : $"{place.Path}.{text}");
        if (!_unknown.Contains(path))
        {
            _unknown.Add(path);
        }
    }

    // The path of a member that a client made up goes into a header and a log line.
    private static string Clean(string path) => string.Create(Math.Min(path.Length, LongestPath), path, static (clean, path) =>
    {
        for (var i = 0; i < clean.Length; i++)
        {
            clean[i] = path[i] is > ' ' and < (char)127 and not ',' ? path[i] : '?';
        }
    });

    private LossList Collect(WireProtocol target) => new(
        [.. _rules.Where(r => r.To(target) == Fate.Dropped).Select(r => r.Path), .. _unknown],
        [.. _rules.Where(r => r.To(target) == Fate.Refused).Select(r => r.Path)]);
}

/// <summary>Paths of what is dropped, and of what makes the target impossible.</summary>
public sealed record LossList(IReadOnlyList<string> Dropped, IReadOnlyList<string> Refused)
{
    public static readonly LossList None = new([], []);
}
