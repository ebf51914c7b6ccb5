using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.Translation.Losses;

/// <summary>The rules as a tree, walked beside a request.</summary>
internal sealed class FieldNode
{
    private readonly Dictionary<string, FieldNode> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FieldNode> _variants = new(StringComparer.Ordinal);
    private FieldRule? _rule;

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
    }

    /// <param name="value">An object.</param>
    public void Walk(JsonElement value, string path, FieldsUsed found)
    {
        foreach (var member in value.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            var name = JsonTree.Name(member);
            var memberPath = path.Length == 0 ? name : $"{path}.{name}";
            if (_members.TryGetValue(name, out var node) || _members.TryGetValue(JsonNames.ToCamelCase(name), out node))
            {
                node.Visit(member.Value, memberPath, found);
            }
            else
            {
                found.AddUnknown(Clean(memberPath));
            }
        }
    }

    private void Visit(JsonElement value, string path, FieldsUsed found)
    {
        if (_rule is not null && !IsNeutral(value))
        {
            found.Add(_rule);
        }

        if (IsLeaf)
        {
            return;
        }

        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var element in value.EnumerateArray())
            {
                VisitVariant(element, path, found, isElement: true);
            }
        }
        else if (value.ValueKind == JsonValueKind.Object && _variants.Count > 0 && !_variants.ContainsKey(""))
        {
            VisitVariant(value, path, found, isElement: false);
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            (_variants.GetValueOrDefault("") ?? this).Walk(value, path, found);
        }
    }

    private void VisitVariant(JsonElement value, string path, FieldsUsed found, bool isElement)
    {
        var name = value.ValueKind == JsonValueKind.Object ? Discriminator(value) : "";
        var node = _variants.GetValueOrDefault(name) ?? Unnamed(name.Length > 0);
        if (node is null)
        {
            // A string where objects are listed (a text in place of parts) needs no rule of its own.
            if (value.ValueKind == JsonValueKind.Object)
            {
                found.AddUnknown(Clean($"{path}[{name}]"));
            }

            return;
        }

        var known = _variants.ContainsKey(name) ? name : isElement ? "" : "*";
        node.VisitAs(value, $"{path}[{known}]", found);
    }

    private void VisitAs(JsonElement value, string path, FieldsUsed found)
    {
        if (_rule is not null && !IsNeutral(value))
        {
            found.Add(_rule);
        }

        if (!IsLeaf && value.ValueKind == JsonValueKind.Object)
        {
            Walk(value, path, found);
        }
    }

    // Where a table has both, [*] is for elements of another type and [] for those without one (Anthropic's tools).
    private FieldNode? Unnamed(bool hasType)
    {
        var plain = _variants.GetValueOrDefault("");
        var other = _variants.GetValueOrDefault("*");
        return hasType ? other ?? plain : plain ?? other;
    }

    private FieldNode Member(string name) => Get(_members, name);

    private FieldNode Variant(string name) => Get(_variants, name);

    private static FieldNode Get(Dictionary<string, FieldNode> nodes, string name)
    {
        if (!nodes.TryGetValue(name, out var node))
        {
            nodes.Add(name, node = new FieldNode());
        }

        return node;
    }

    private bool IsNeutral(JsonElement value)
    {
        if (_rule!.Neutral.Count == 0)
        {
            return false;
        }

        var raw = value.GetRawText();
        return raw.Length <= 64 && _rule.Neutral.Contains(raw);
    }

    private static string Discriminator(JsonElement value)
    {
        foreach (var name in (ReadOnlySpan<string>)["type", "role"])
        {
            if (value.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String)
            {
                return JsonTree.Text(text);
            }
        }

        if ((!value.TryGetProperty("mimeType", out var media) && !value.TryGetProperty("mime_type", out media)) || media.ValueKind != JsonValueKind.String)
        {
            return "";
        }

        var type = JsonTree.Text(media);
        return type == "application/pdf" ? "pdf" : type.Split('/')[0];
    }

    // The path of a member that a client made up goes into a header and a log line.
    private static string Clean(string path)
    {
        var clean = string.Concat(path.Take(120).Select(c => c is > ' ' and < (char)127 and not ',' ? c : '?'));
        return clean;
    }
}
