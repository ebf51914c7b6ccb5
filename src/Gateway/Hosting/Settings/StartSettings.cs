using System.Collections;
using AIHigress.Gateway.Data.Startup;
using AIHigress.Gateway.Hosting.Startup;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;

namespace AIHigress.Gateway.Hosting.Settings;

/// <summary>
/// Everything a start is told: configuration from, last wins, console → gateway.yaml → .env → environment → command line
/// (architecture.md §5), and what the host itself is told by a test or a build tool.
/// </summary>
internal sealed class StartSettings
{
    private StartSettings(IReadOnlyList<Dictionary<string, string?>> fixedLayers, IReadOnlyList<string> warnings)
    {
        FixedLayers = fixedLayers;
        Warnings = warnings;
        DataFolder = new DataFolder(Value("Server:DataDir") ?? new ServerOptions().DataDir);
    }

    public SettingsLayers Layers { get; } = new();

    /// <summary>Names that look like settings and are none.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>--urls, or null.</summary>
    public string? Urls { get; init; }

    public string? ContentRoot { get; init; }

    /// <summary>A test host names its content root and has nobody at a terminal.</summary>
    public bool IsTestHost => ContentRoot is not null;

    /// <summary>DATA_DIR, known before anything is built, so that a second server finds out before it touches a file.</summary>
    public DataFolder DataFolder { get; }

    private IReadOnlyList<Dictionary<string, string?>> FixedLayers { get; }

    /// <param name="commandLine">Flat name → value of every option that was given.</param>
    /// <param name="urls">--urls.</param>
    /// <param name="contentRoot">--contentRoot, given by test hosts.</param>
    /// <exception cref="SettingException">A value breaks its rule.</exception>
    public static StartSettings Read(IReadOnlyDictionary<string, string?> commandLine, string? urls = null, string? contentRoot = null)
    {
        if (DesignTime.IsCurrent)
        {
            // What a build tool finds must not depend on the machine it runs on.
            return new StartSettings([], []) { ContentRoot = contentRoot };
        }

        var dotEnv = DotEnv.Read(".env");
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(e => new KeyValuePair<string, string?>((string)e.Key, (string?)e.Value))
            .ToList();
        // The exporters read their many OTEL_* variables from configuration by themselves.
        var exporters = dotEnv.Concat(environment).Where(p => p.Key.StartsWith("OTEL_", StringComparison.Ordinal));
        var layers = new[]
        {
            exporters.GroupBy(p => p.Key).ToDictionary(g => g.Key, g => g.Last().Value),
            FlatSettings.Map(dotEnv),
            FlatSettings.Map(environment),
            FlatSettings.Map(commandLine),
        };
        var warnings = UnknownSettings.Warn(dotEnv.Select(p => p.Key), onlyOurs: false)
            .Concat(UnknownSettings.Warn(environment.Select(p => p.Key), onlyOurs: true))
            .Distinct();
        return new StartSettings(layers, [.. warnings]) { Urls = urls, ContentRoot = contentRoot };
    }

    /// <summary>Replaces the host's own sources (appsettings.json, unprefixed environment) with the layers.</summary>
    public void AddTo(IConfigurationBuilder configuration)
    {
        foreach (var source in configuration.Sources.ToList())
        {
            if (source is JsonConfigurationSource or EnvironmentVariablesConfigurationSource { Prefix: null or "" })
            {
                configuration.Sources.Remove(source);
            }
        }

        configuration.Add(Layers.Console);
        configuration.Add(Layers.ConfigurationFile);
        foreach (var layer in FixedLayers)
        {
            configuration.AddInMemoryCollection(layer);
        }
    }

    private string? Value(string key) => FixedLayers.Select(layer => layer.GetValueOrDefault(key)).LastOrDefault(v => v is not null);
}
