using System.Globalization;

namespace AIHigress.Gateway.Features.Administration.Configuration.Yaml;

/// <summary>Reads the fields of one mapping by type. Every fault goes to the list; <see cref="Finish"/> reports what was never asked for.</summary>
internal sealed class MapReader(ConfigMap map, string path, List<ConfigFault> faults)
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    public ConfigMap Map => map;

    public string PathOf(string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>A fault of this mapping's field.</summary>
    public void Fault(string name, string rule) => faults.Add(new ConfigFault(ConfigPaths.LineOf(map, name), PathOf(name), rule));

    public bool Has(string name) => Value(name) is not null;

    public string? Text(string name) => Value(name) switch
    {
        null => null,
        ConfigScalar scalar => scalar.Text,
        _ => Wrong<string>(name, "must be text"),
    };

    public int? Int(string name)
    {
        if (Value(name) is not { } node)
        {
            return null;
        }

        if (node is ConfigScalar { Quoted: false } scalar && int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        Fault(name, "must be a whole number");
        return null;
    }

    public long? Long(string name)
    {
        if (Value(name) is not { } node)
        {
            return null;
        }

        if (node is ConfigScalar { Quoted: false } scalar && long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        Fault(name, "must be a whole number");
        return null;
    }

    public double? Number(string name)
    {
        if (Value(name) is not { } node)
        {
            return null;
        }

        if (node is ConfigScalar { Quoted: false } scalar && double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
        {
            return number;
        }

        Fault(name, "must be a number");
        return null;
    }

    public bool? Bool(string name)
    {
        switch (Value(name))
        {
            case null:
                return null;
            case ConfigScalar { Quoted: false, Text: "true" }:
                return true;
            case ConfigScalar { Quoted: false, Text: "false" }:
                return false;
            default:
                Fault(name, "must be true or false");
                return null;
        }
    }

    public string[]? Texts(string name) => List(name)?.Select((item, i) => item is ConfigScalar { IsNull: false } scalar ? scalar.Text : Wrong($"{name}[{i}]")).ToArray();

    public int[]? Ints(string name) => List(name)?.Select((item, i) =>
    {
        if (item is ConfigScalar { Quoted: false } scalar && int.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        Fault($"{name}[{i}]", "must be a whole number");
        return 400;
    }).ToArray();

    public Dictionary<string, string>? TextMap(string name)
    {
        var inner = Inner(name);
        return inner?.Map.Entries.ToDictionary(e => e.Key, e => inner.Text(e.Key) ?? "", StringComparer.Ordinal);
    }

    /// <summary>The mapping in a field, to be read and finished by the caller.</summary>
    public MapReader? Inner(string name) => Value(name) switch
    {
        null => null,
        ConfigMap inner => new MapReader(inner, PathOf(name), faults),
        _ => Wrong<MapReader>(name, "must be a mapping"),
    };

    /// <summary>The mappings in a list; items of another kind are faults and left out.</summary>
    public IReadOnlyList<MapReader> Inners(string name)
    {
        var readers = new List<MapReader>();
        var items = List(name) ?? [];
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is ConfigMap inner)
            {
                readers.Add(new MapReader(inner, $"{PathOf(name)}[{i}]", faults));
            }
            else
            {
                Fault($"{name}[{i}]", "must be a mapping");
            }
        }

        return readers;
    }

    public void Finish()
    {
        foreach (var entry in map.Entries)
        {
            if (!_asked.Contains(entry.Key))
            {
                faults.Add(new ConfigFault(entry.Line, PathOf(entry.Key), $"is unknown; known here: {string.Join(", ", _asked)}"));
            }
        }
    }

    private IReadOnlyList<ConfigNode>? List(string name) => Value(name) switch
    {
        null => null,
        ConfigList list => list.Items,
        _ => Wrong<IReadOnlyList<ConfigNode>>(name, "must be a list"),
    };

    private ConfigNode? Value(string name)
    {
        _asked.Add(name);
        return map.Find(name)?.Value is { } node and not ConfigScalar { IsNull: true } ? node : null;
    }

    private string Wrong(string name)
    {
        Fault(name, "must be text");
        return "";
    }

    private T? Wrong<T>(string name, string rule)
        where T : class
    {
        Fault(name, rule);
        return null;
    }
}
