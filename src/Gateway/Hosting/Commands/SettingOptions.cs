using System.CommandLine;
using AIHigress.Gateway.Hosting.Settings;

namespace AIHigress.Gateway.Hosting.Commands;

/// <summary>One command-line option per setting of the catalogue: DATA_DIR is --data-dir. CONFIG_FILE is --config too.</summary>
internal sealed class SettingOptions
{
    private readonly List<(SettingDefinition Definition, Option<string?> Option)> _settings = [];
    private readonly Option<string?> _urls = new("--urls") { Description = "Addresses to listen on, separated by ';' (in place of --port).", HelpName = "url", Recursive = true };
    private readonly Option<string?> _contentRoot = new("--contentRoot") { Hidden = true, Recursive = true };
    private readonly Option<string?>[] _ignored =
    [
        // Given by test hosts and build tools to every .NET server; nothing here depends on them.
        new("--environment") { Hidden = true, Recursive = true },
        new("--applicationName") { Hidden = true, Recursive = true },
    ];

    /// <summary>Takes --DATA_DIR=x, as test hosts write it, for --data-dir=x.</summary>
    public static string[] Normalize(string[] args) => [.. args.Select(arg =>
    {
        var end = arg.IndexOf('=', StringComparison.Ordinal);
        var name = end < 0 ? arg : arg[..end];
        return name.StartsWith("--", StringComparison.Ordinal) && SettingCatalogue.Find(name[2..]) is { } found
            ? OptionName(found.Name) + (end < 0 ? "" : arg[end..])
            : arg;
    })];

    public void AddTo(RootCommand root)
    {
        root.Add(_urls);
        foreach (var definition in SettingCatalogue.All)
        {
            var name = OptionName(definition.Name);
            var option = definition.Name == "CONFIG_FILE" ? new Option<string?>(name, "--config") : new Option<string?>(name);
            option.Description = $"{definition.Setting.Description} [{definition.Name}]";
            option.HelpName = definition.ValueType == typeof(bool) ? "true|false" : "value";
            option.Arity = definition.ValueType == typeof(bool) ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne;
            option.Recursive = true;

            // A secret on the command line is seen by every user of the machine; it works, but is not offered.
            option.Hidden = definition.Setting.Secret && definition.Name != "DATABASE_URL";
            root.Add(option);
            _settings.Add((definition, option));
        }

        root.Add(_contentRoot);
        foreach (var option in _ignored)
        {
            root.Add(option);
        }
    }

    /// <exception cref="SettingException">A value breaks its rule; names the option, or the variable.</exception>
    public StartSettings Read(ParseResult parsed)
    {
        var given = new Dictionary<string, string?>();
        foreach (var (definition, option) in _settings)
        {
            if (parsed.GetResult(option) is not { Implicit: false })
            {
                continue;
            }

            var value = parsed.GetValue(option);
            given[definition.Name] = string.IsNullOrEmpty(value) && definition.ValueType == typeof(bool) ? "true" : value;
            try
            {
                FlatSettings.Map([new(definition.Name, given[definition.Name])]);
            }
            catch (SettingException e)
            {
                throw new SettingException(option.Name, e.Fault);
            }
        }

        return StartSettings.Read(given, parsed.GetValue(_urls), parsed.GetValue(_contentRoot));
    }

    /// <summary>The first thing wrong with the command line, with the nearest option when one is misspelt.</summary>
    public string Explain(ParseResult parsed)
    {
        var unknown = parsed.UnmatchedTokens.FirstOrDefault(t => t.StartsWith("--", StringComparison.Ordinal));
        if (unknown is null)
        {
            return parsed.Errors[0].Message.ReplaceLineEndings(" ");
        }

        var name = unknown.Split('=')[0];
        var (nearest, distance) = UnknownSettings.Nearest(name[2..].Replace('-', '_'));
        var hint = distance <= 3 ? $"did you mean {OptionName(nearest)}?" : "see aihigress --help";
        return $"{name}: there is no such option; {hint}";
    }

    private static string OptionName(string setting) => "--" + setting.ToLowerInvariant().Replace('_', '-');
}
