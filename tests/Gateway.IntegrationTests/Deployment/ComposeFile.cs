using System.Text.RegularExpressions;
using AIHigress.TestKit;
using YamlDotNet.RepresentationModel;

namespace AIHigress.Gateway.IntegrationTests.Deployment;

/// <summary>One of the compose files in deploy/, as written.</summary>
internal sealed partial class ComposeFile
{
    private readonly YamlMappingNode _root;

    public ComposeFile(string name)
    {
        Name = name;
        var text = File.ReadAllText(Repository.File($"deploy/{name}"));
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        _root = (YamlMappingNode)yaml.Documents[0].RootNode;
        Variables = [.. VariablePattern().Matches(WithoutComments(text)).Select(m => new ComposeVariable(
            m.Groups["name"].Value, m.Groups["operator"].Value, m.Groups["rest"].Value))];
    }

    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.GetFiles(Repository.File("deploy"), "docker-compose*.yml").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    public string Name { get; }

    /// <summary>Every ${…} of the file.</summary>
    public IReadOnlyList<ComposeVariable> Variables { get; }

    public IEnumerable<string> Services => Map(_root, "services").Children.Keys.Select(k => ((YamlScalarNode)k).Value!);

    public YamlMappingNode Service(string name) => Map(Map(_root, "services"), name);

    public IReadOnlyDictionary<string, string> Environment(string service) =>
        Service(service).Children.TryGetValue("environment", out var environment)
            ? ((YamlMappingNode)environment).ToDictionary(p => ((YamlScalarNode)p.Key).Value!, p => ((YamlScalarNode)p.Value).Value!)
            : new Dictionary<string, string>();

    public static string? Text(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var value) ? ((YamlScalarNode)value).Value : null;

    public static IReadOnlyList<string> List(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var value) ? [.. ((YamlSequenceNode)value).Select(v => ((YamlScalarNode)v).Value!)] : [];

    private static YamlMappingNode Map(YamlMappingNode node, string key) => (YamlMappingNode)node.Children[key];

    private static string WithoutComments(string text) =>
        string.Join('\n', text.Split('\n').Where(line => !line.TrimStart().StartsWith('#')));

    [GeneratedRegex(@"\$\{(?<name>[A-Z][A-Z0-9_]*)(?<operator>:?[-?])?(?<rest>[^}]*)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VariablePattern();
}

/// <param name="Name">Of the variable.</param>
/// <param name="Operator">:? requires a value, :- gives a default.</param>
/// <param name="Rest">The message, or the default.</param>
internal sealed record ComposeVariable(string Name, string Operator, string Rest)
{
    public bool IsRequired => Operator == ":?";

    public string? Default => Operator == ":-" ? Rest : null;
}
