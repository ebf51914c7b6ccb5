using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using AIHigress.MockUpstream.Control;

namespace AIHigress.MockUpstream.Scripting;

/// <summary>Finds the script of a request: the newest matching rule of the narrowest kind, else what the model id says.</summary>
internal sealed class ScriptTable(IReadOnlySet<string> ordinaryModels)
{
    private const int NamesModel = 2;
    private const int NamesKey = 1;

    private static readonly Script Ordinary = new(new Behaviour());

    private readonly ConcurrentDictionary<string, Script> _byName = new(StringComparer.Ordinal);
    private readonly Lock _writing = new();
    private volatile ActiveRule[] _rules = [];

    public void Add(ScriptRule rule)
    {
        lock (_writing)
        {
            _rules = [.. _rules.Where(r => !r.Spent), new ActiveRule(rule)];
        }
    }

    public void Reset()
    {
        lock (_writing)
        {
            _rules = [];
            _byName.Clear();
        }
    }

    public Script Resolve(string model, ReadOnlySpan<char> key)
    {
        if (FromRules(model, key, leastNarrow: 0) is { } ruled)
        {
            return ruled;
        }

        var script = Named(model);
        return script.TryTake() ? script : Ordinary;
    }

    /// <summary>What the model id says, without using up its <c>times</c>.</summary>
    public Script Named(string model) => _byName.TryGetValue(model, out var script) ? script : _byName.GetOrAdd(model, FromName(model));

    /// <summary>The script of a rule for just this model; null if there is none.</summary>
    public Script? ResolveExactly(string model, ReadOnlySpan<char> key) => FromRules(model, key, NamesModel);

    private Script? FromRules(string model, ReadOnlySpan<char> key, int leastNarrow)
    {
        var rules = _rules;
        for (var narrowness = NamesModel + NamesKey; narrowness >= leastNarrow && rules.Length > 0; narrowness--)
        {
            for (var i = rules.Length - 1; i >= 0; i--)
            {
                if (rules[i].Narrowness == narrowness && rules[i].Matches(model, key) && rules[i].TryTake())
                {
                    return rules[i].ScriptFor(model);
                }
            }
        }

        return null;
    }

    private Script FromName(string model)
    {
        var knobs = ModelName.Knobs(model);
        if (knobs.Count == 0)
        {
            return Ordinary;
        }

        try
        {
            return new Script(Parse(knobs));
        }
        catch (JsonException) when (ordinaryModels.Contains(model))
        {
            return Ordinary;
        }
        catch (JsonException e)
        {
            return new Script(new Behaviour(), $"The model id '{model}' is no valid script: {e.Message}");
        }
    }

    private static Behaviour Parse(JsonObject knobs) => knobs.Deserialize(ControlJson.Default.Behaviour) ?? new Behaviour();

    /// <summary>A rule with its count and its scripts, one per model that met it.</summary>
    private sealed class ActiveRule(ScriptRule rule)
    {
        private readonly ConcurrentDictionary<string, Script> _scripts = new(StringComparer.Ordinal);
        private readonly JsonObject _knobs = JsonSerializer.SerializeToNode(rule.Behaviour, ControlJson.Default.Behaviour)!.AsObject();
        private int _taken;

        public int Narrowness { get; } = (rule.Model == "*" ? 0 : NamesModel) + (rule.Key is null ? 0 : NamesKey);

        public bool Spent => rule.Times is { } times && Volatile.Read(ref _taken) >= times;

        public bool Matches(string model, ReadOnlySpan<char> key) =>
            (rule.Model == "*" || rule.Model == model) && (rule.Key is null || key.SequenceEqual(rule.Key));

        public bool TryTake() => rule.Times is not { } times || Interlocked.Increment(ref _taken) <= times;

        public Script ScriptFor(string model) => _scripts.GetOrAdd(model, Combine);

        private Script Combine(string model)
        {
            var knobs = ModelName.Knobs(model);
            foreach (var (name, value) in _knobs)
            {
                knobs[name] = value?.DeepClone();
            }

            try
            {
                return new Script(Parse(knobs));
            }
            catch (JsonException)
            {
                // The id only looks like a script; the rule alone decides.
                return new Script(Parse(_knobs.DeepClone().AsObject()));
            }
        }
    }
}
