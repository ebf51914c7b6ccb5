namespace AIHigress.Gateway.Features.Administration.Configuration.Yaml;

/// <summary>A piece of gateway.yaml with the line it starts on.</summary>
internal abstract record ConfigNode(int Line);

/// <summary>A scalar; <paramref name="Quoted"/> keeps "true" apart from true.</summary>
internal sealed record ConfigScalar(string Text, bool Quoted, int Line) : ConfigNode(Line)
{
    public bool IsNull => !Quoted && Text is "" or "~" or "null";
}

internal sealed record ConfigList(IReadOnlyList<ConfigNode> Items, int Line) : ConfigNode(Line);

/// <summary>A mapping in written order, each key once.</summary>
internal sealed record ConfigMap(IReadOnlyList<ConfigEntry> Entries, int Line) : ConfigNode(Line)
{
    public ConfigEntry? Find(string key)
    {
        foreach (var entry in Entries)
        {
            if (entry.Key == key)
            {
                return entry;
            }
        }

        return null;
    }
}

internal sealed record ConfigEntry(string Key, ConfigNode Value, int Line);

/// <summary>Something in gateway.yaml that breaks a rule.</summary>
internal sealed record ConfigFault(int Line, string Path, string Rule)
{
    public string In(string file) => Path.Length == 0 ? $"{file}:{Line}: {Rule}" : $"{file}:{Line}: {Path}: {Rule}";
}

/// <summary>Finds the line of a path such as <c>keys[1].weight</c>.</summary>
internal static class ConfigPaths
{
    /// <summary>The line of the deepest piece of the path that is there.</summary>
    public static int LineOf(ConfigNode node, string path)
    {
        var line = node.Line;
        while (path.Length > 0)
        {
            path = path.TrimStart('.');
            if (node is ConfigMap map && Longest(map, path) is { } entry)
            {
                (node, line, path) = (entry.Value, entry.Line, path[entry.Key.Length..]);
            }
            else if (node is ConfigList list && Index(path, out var rest) is { } index && index < list.Items.Count)
            {
                (node, line, path) = (list.Items[index], list.Items[index].Line, rest);
            }
            else
            {
                break;
            }
        }

        return line;
    }

    // Header names may contain dots, so the longest key that fits is the one that is meant.
    private static ConfigEntry? Longest(ConfigMap map, string path) =>
        map.Entries.Where(e => path.StartsWith(e.Key, StringComparison.Ordinal) && (path.Length == e.Key.Length || path[e.Key.Length] is '.' or '['))
            .MaxBy(e => e.Key.Length);

    private static int? Index(string path, out string rest)
    {
        var end = path.IndexOf(']', StringComparison.Ordinal);
        rest = end < 0 ? path : path[(end + 1)..];
        return path.StartsWith('[') && end > 1 && int.TryParse(path.AsSpan(1, end - 1), out var index) ? index : null;
    }
}
