using AIHigress.Gateway.Features.Administration.Configuration.Applying;
using AIHigress.Gateway.Hosting.Settings;

namespace AIHigress.Gateway.Features.Administration.Configuration;

/// <summary>The <c>settings:</c> section. It is read before anything else is built, because it may name the database.</summary>
internal static class ConfigurationSettings
{
    /// <summary>Fills the configuration layer from CONFIG_FILE, when there is one.</summary>
    /// <exception cref="SettingException">The file can't be read or breaks a rule; says every fault with its line.</exception>
    public static void Load(SettingsLayers layers, string? file)
    {
        if (string.IsNullOrEmpty(file))
        {
            return;
        }

        try
        {
            var declared = ConfigurationText.Read(file);
            var secrets = new SecretResolver(file);
            if (secrets.ResolveAll(declared) is { Count: > 0 } faults)
            {
                throw new ConfigurationException(file, faults);
            }

            layers.ConfigurationFile.Replace(Flatten(declared, secrets));
        }
        catch (ConfigurationException e)
        {
            throw new SettingException("CONFIG_FILE", e.Message);
        }
    }

    /// <exception cref="ConfigurationException">A secret breaks the rule of its setting.</exception>
    public static IReadOnlyList<KeyValuePair<string, string?>> Flatten(DeclaredConfiguration declared, SecretResolver secrets)
    {
        var flat = new List<KeyValuePair<string, string?>>();
        foreach (var setting in declared.Settings)
        {
            var value = setting.IsReference ? secrets.Of(setting.Value) : setting.Value;
            if (ConfigurationReader.Refusal(SettingCatalogue.Find(setting.Name)!, value) is { } rule)
            {
                throw new ConfigurationException(declared.File, [setting.Place.Fault("", rule)]);
            }

            flat.Add(new(setting.Name, value));
        }

        return flat;
    }
}

/// <summary>Reads the file from disk.</summary>
internal static class ConfigurationText
{
    /// <exception cref="ConfigurationException">It can't be read, or breaks a rule.</exception>
    public static DeclaredConfiguration Read(string file)
    {
        var (declared, faults) = Check(file);
        return declared ?? throw new ConfigurationException(file, faults);
    }

    public static (DeclaredConfiguration? Declared, IReadOnlyList<Yaml.ConfigFault> Faults) Check(string file)
    {
        try
        {
            var info = new FileInfo(file);
            return info is { Exists: true, LinkTarget: null, Length: > Yaml.YamlTree.MaxBytes * 4 }
                ? (null, [new Yaml.ConfigFault(1, "", "the file must not be larger than 1 MiB")])
                : ConfigurationReader.Read(file, File.ReadAllText(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, [new Yaml.ConfigFault(1, "", $"can't be read: {e.Message}")]);
        }
    }
}
