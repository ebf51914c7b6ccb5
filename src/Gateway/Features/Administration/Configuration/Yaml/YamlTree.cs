using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlScalar = YamlDotNet.Core.Events.Scalar;

namespace AIHigress.Gateway.Features.Administration.Configuration.Yaml;

/// <summary>
/// Parses YAML into plain nodes with line numbers. Only what a configuration needs: no tags, anchors or aliases (a few
/// lines of which can make gigabytes), one document, each key once.
/// </summary>
internal sealed class YamlTree
{
    public const int MaxBytes = 1024 * 1024;
    private const int MaxDepth = 16;

    private readonly Parser _parser;
    private readonly List<ConfigFault> _faults = [];

    private YamlTree(string text) => _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));

    /// <summary>The root, or null with the faults; an empty document is an empty mapping.</summary>
    public static (ConfigMap? Root, IReadOnlyList<ConfigFault> Faults) Parse(string text)
    {
        if (text.Length > MaxBytes)
        {
            return (null, [new ConfigFault(1, "", "the file must not be larger than 1 MiB")]);
        }

        var tree = new YamlTree(text);
        try
        {
            var root = tree.ReadDocument();
            return tree._faults.Count > 0 ? (null, tree._faults) : (root, []);
        }
        catch (YamlException e)
        {
            return (null, [.. tree._faults, new ConfigFault((int)e.Start.Line, "", $"is not valid YAML: {Reason(e)}")]);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or KeyNotFoundException)
        {
            // The library answers some malformed texts with its own bugs; the running server must not end by an editor's slip.
            return (null, [.. tree._faults, new ConfigFault((int)(tree._parser.Current?.End.Line ?? 1), "", "is not valid YAML near here")]);
        }
    }

    private static string Reason(YamlException exception) => exception.Message.ReplaceLineEndings(" ").TrimEnd('.');

    private ConfigMap ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            return new ConfigMap([], 1);
        }

        _parser.Consume<DocumentStart>();
        var node = Read("", 0);
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out var second))
        {
            _faults.Add(new ConfigFault((int)second.Start.Line, "", "the file must hold one document"));
        }

        switch (node)
        {
            case ConfigMap map:
                return map;
            case ConfigScalar { IsNull: true }:
                return new ConfigMap([], 1);
            default:
                _faults.Add(new ConfigFault(node.Line, "", "the file must be a mapping with sections such as 'providers:'"));
                return new ConfigMap([], 1);
        }
    }

    private ConfigNode Read(string path, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new YamlException(_parser.Current?.Start ?? Mark.Empty, _parser.Current?.End ?? Mark.Empty, "it is nested too deeply");
        }

        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            _faults.Add(new ConfigFault((int)alias.Start.Line, path, "aliases (*name) are not allowed"));
            return new ConfigScalar("", false, (int)alias.Start.Line);
        }

        if (_parser.TryConsume<YamlScalar>(out var scalar))
        {
            CheckPlain(scalar, path);
            return new ConfigScalar(scalar.Value, scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any), (int)scalar.Start.Line);
        }

        return _parser.TryConsume<SequenceStart>(out var sequence) ? ReadList(sequence, path, depth) : ReadMap(_parser.Consume<MappingStart>(), path, depth);
    }

    private ConfigList ReadList(SequenceStart start, string path, int depth)
    {
        CheckPlain(start, path);
        var items = new List<ConfigNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Read($"{path}[{items.Count}]", depth + 1));
        }

        return new ConfigList(items, (int)start.Start.Line);
    }

    private ConfigMap ReadMap(MappingStart start, string path, int depth)
    {
        CheckPlain(start, path);
        var entries = new List<ConfigEntry>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (Read(path, depth + 1) is not ConfigScalar key)
            {
                throw new YamlException(_parser.Current?.Start ?? Mark.Empty, _parser.Current?.End ?? Mark.Empty, "a key must be plain text");
            }

            var inner = path.Length == 0 ? key.Text : $"{path}.{key.Text}";
            var value = Read(inner, depth + 1);
            if (seen.Add(key.Text))
            {
                entries.Add(new ConfigEntry(key.Text, value, key.Line));
            }
            else
            {
                _faults.Add(new ConfigFault(key.Line, inner, "is given twice"));
            }
        }

        return new ConfigMap(entries, (int)start.Start.Line);
    }

    private void CheckPlain(NodeEvent node, string path)
    {
        if (!node.Anchor.IsEmpty)
        {
            _faults.Add(new ConfigFault((int)node.Start.Line, path, "anchors (&name) are not allowed"));
        }

        if (!node.Tag.IsEmpty)
        {
            _faults.Add(new ConfigFault((int)node.Start.Line, path, "tags (!name) are not allowed"));
        }
    }
}
