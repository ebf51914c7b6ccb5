using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.Translation.Losses;

/// <summary>The rules as a tree, walked beside a request. Walking allocates nothing for what it knows: bodies are as large as clients like.</summary>
internal sealed class FieldNode(string path)
{
    private readonly Dictionary<string, FieldNode> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FieldNode> _variants = new(StringComparer.Ordinal);
    private FieldRule? _rule;
    private byte[][] _neutral = [];

    /// <summary>Where the node stands, in the words of the rules.</summary>
    public string Path { get; } = path;

    private bool IsLeaf => _members.Count == 0 && _variants.Count == 0;

    public void Add(FieldRule rule)
    {
        var node = this;
        foreach (var step in rule.Path.Split('.'))
        {
            var bracket = step.IndexOf('[');
            node = node.Member(bracket < 0 ? step : step[..bracket]);
            while (bracket >= 0)
            {
                var close = step.IndexOf(']', bracket);
                node = node.Variant(step[(bracket + 1)..close]);
                bracket = step.IndexOf('[', close);
            }
        }

        node._rule = rule;
        node._neutral = [.. rule.Neutral.Select(Encoding.UTF8.GetBytes)];
    }

    /// <param name="value">An object.</param>
    public void Walk(JsonElement value, FieldsUsed found)
    {
        Span<char> room = stackalloc char[FieldName.Longest];
        foreach (var member in value.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            var name = FieldName.Read(JsonMarshal.GetRawUtf8PropertyName(member), room);
            if (Find(_members, name) is { } node)
            {
                node.Visit(member.Value, found);
            }
            else
            {
                found.AddUnknown(this, name, isVariant: false);
            }
        }
    }

    private void Visit(JsonElement value, FieldsUsed found)
    {
        Note(value, found);
        if (IsLeaf)
        {
            return;
        }

        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var element in value.EnumerateArray())
            {
                VisitVariant(element, found);
            }
        }
        else if (value.ValueKind == JsonValueKind.Object && _variants.Count > 0 && !_variants.ContainsKey(""))
        {
            VisitVariant(value, found);
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            (_variants.GetValueOrDefault("") ?? this).Walk(value, found);
        }
    }

    private void VisitVariant(JsonElement value, FieldsUsed found)
    {
        Span<char> room = stackalloc char[FieldName.Longest];
        var name = value.ValueKind == JsonValueKind.Object ? FieldName.Discriminator(value, room) : [];
        var node = Find(_variants, name) ?? Unnamed(name.Length > 0);
        if (node is not null)
        {
            node.VisitAs(value, found);
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            // A string where objects are listed (a text in place of parts) needs no rule of its own.
            found.AddUnknown(this, name, isVariant: true);
        }
    }

    private void VisitAs(JsonElement value, FieldsUsed found)
    {
        Note(value, found);
        if (!IsLeaf && value.ValueKind == JsonValueKind.Object)
        {
            Walk(value, found);
        }
    }

    private void Note(JsonElement value, FieldsUsed found)
    {
        if (_rule is not null && !IsNeutral(value))
        {
            found.Add(_rule);
        }
    }

    private bool IsNeutral(JsonElement value)
    {
        var raw = _neutral.Length > 0 ? JsonMarshal.GetRawUtf8Value(value) : default;
        foreach (var neutral in _neutral)
        {
            if (raw.SequenceEqual(neutral))
            {
                return true;
            }
        }

        return false;
    }

    // Where a table has both, [*] is for elements of another type and [] for those without one (Anthropic's tools).
    private FieldNode? Unnamed(bool hasType)
    {
        var plain = _variants.GetValueOrDefault("");
        var other = _variants.GetValueOrDefault("*");
        return hasType ? other ?? plain : plain ?? other;
    }

    private FieldNode Member(string name) => Get(_members, name, Path.Length == 0 ? name : $"{Path}.{name}");

    private FieldNode Variant(string name) => Get(_variants, name, $"{Path}[{name}]");

    private static FieldNode Get(Dictionary<string, FieldNode> nodes, string name, string path)
    {
        if (!nodes.TryGetValue(name, out var node))
        {
            nodes.Add(name, node = new FieldNode(path));
        }

        return node;
    }

    private static FieldNode? Find(Dictionary<string, FieldNode> nodes, ReadOnlySpan<char> name)
    {
        if (nodes.Count == 0)
        {
            return null;
        }

        var known = nodes.GetAlternateLookup<ReadOnlySpan<char>>();
        if (known.TryGetValue(name, out var node) || !name.Contains('_'))
        {
            return node;
        }

        Span<char> camel = stackalloc char[FieldName.Longest];
        return known.TryGetValue(camel[..JsonNames.ToCamelCase(name, camel)], out node) ? node : null;
    }
}
