using AIHigress.Gateway.Features.Administration.Configuration.Yaml;
using AIHigress.Gateway.Hosting.Settings;

namespace AIHigress.Gateway.Features.Administration.Configuration;

/// <summary>Reads gateway.yaml: the form, the rules of every field, and what the parts of the file say about each other. Needs no database and no secrets.</summary>
internal sealed class ConfigurationReader
{
    private readonly List<ConfigFault> _faults = [];

    /// <summary>Reads a file; the faults are empty when the declaration is there.</summary>
    /// <param name="file">As the operator named it; faults start with it.</param>
    /// <param name="text">Its content.</param>
    public static (DeclaredConfiguration? Declared, IReadOnlyList<ConfigFault> Faults) Read(string file, string text)
    {
        var (root, faults) = YamlTree.Parse(text);
        if (root is null)
        {
            return (null, faults);
        }

        var reader = new ConfigurationReader();
        var declared = reader.Read(file, root);
        return reader._faults.Count > 0 ? (null, [.. reader._faults.OrderBy(f => f.Line)]) : (declared, []);
    }

    private DeclaredConfiguration Read(string file, ConfigMap root)
    {
        var map = new MapReader(root, "", _faults);
        var providers = new ProviderSection(_faults).Read(map.Inners("providers"));
        var models = new ModelSection(_faults).Read(map.Inners("logical_models"));
        var keys = ApiKeys(map.Inners("api_keys"));
        var settings = Settings(map.Inner("settings"));
        map.Finish();
        return new DeclaredConfiguration(file, providers, models, keys, settings);
    }

    private List<DeclaredApiKey> ApiKeys(IReadOnlyList<MapReader> items)
    {
        var keys = new List<DeclaredApiKey>();
        var seen = new HashSet<(string, string)>();
        foreach (var item in items)
        {
            var (name, reference, user) = (item.Text("name") ?? "", item.Text("key") ?? "", item.Text("user") ?? "");
            var (models, providers) = (item.Texts("allowed_models") ?? [], item.Texts("allowed_provider_ids") ?? []);
            var use = new ApiKeySection(_faults).Read(item);
            item.Finish();
            if (name.Length is 0 or > 100)
            {
                item.Fault("name", "must have 1 to 100 characters");
            }

            if (!SecretReference.IsValid(reference))
            {
                item.Fault("key", SecretReference.Rule);
            }

            if (user.Length > 254 || user.IndexOf('@', StringComparison.Ordinal) <= 0)
            {
                item.Fault("user", "must be the e-mail of a user");
            }

            if (!seen.Add((name, user.ToUpperInvariant())))
            {
                item.Fault("name", "is declared twice for this user");
            }

            keys.Add(new DeclaredApiKey(name, reference, user, models, providers, new Place(item.Map.Line, item.PathOf("").TrimEnd('.')))
            {
                Limits = use.Limits,
                Budget = use.Budget,
            });
        }

        return keys;
    }

    private static List<DeclaredSetting> Settings(MapReader? map)
    {
        var settings = new List<DeclaredSetting>();
        foreach (var entry in map?.Map.Entries ?? [])
        {
            var value = map!.Text(entry.Key);
            var fault = SettingFault(entry.Key, value, out var definition);
            if (fault is not null)
            {
                map.Fault(entry.Key, fault);
            }
            else if (value is not null)
            {
                settings.Add(new DeclaredSetting(definition!.Name, value, definition.Setting.Secret, new Place(entry.Line, $"settings.{entry.Key}")));
            }
        }

        return settings;
    }

    private static string? SettingFault(string name, string? value, out SettingDefinition? definition)
    {
        definition = SettingCatalogue.Find(name);
        if (definition is null || name.Any(char.IsAsciiLetterUpper))
        {
            return $"is no setting; did you mean {UnknownSettings.Nearest(name).Name.ToLowerInvariant()}?";
        }

        if (definition.Name == "CONFIG_FILE")
        {
            return "names this file and can't be set in it";
        }

        if (value is null)
        {
            return null;
        }

        return definition.Setting.Secret
            ? SecretReference.IsValid(value) ? null : SecretReference.Rule
            : Refusal(definition, value);
    }

    /// <summary>Why a setting refuses a value, or null.</summary>
    public static string? Refusal(SettingDefinition definition, string value)
    {
        try
        {
            FlatSettings.Check(definition, value);
            return null;
        }
        catch (SettingException e)
        {
            return e.Message[(e.Setting.Length + 2)..];
        }
    }
}
