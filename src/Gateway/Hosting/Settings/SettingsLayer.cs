namespace AIHigress.Gateway.Hosting.Settings;

/// <summary>
/// A layer of configuration whose values are replaced while the server runs: the console's stored settings, and the
/// <c>settings:</c> section of gateway.yaml. Options that are read through a monitor follow at once.
/// </summary>
internal sealed class SettingsLayer : ConfigurationProvider, IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    /// <summary>Takes over flat names and values whole.</summary>
    /// <exception cref="SettingException">A value breaks its rule; the layer stays as it was.</exception>
    public void Replace(IEnumerable<KeyValuePair<string, string?>> flat)
    {
        Data = FlatSettings.Map(flat);
        OnReload();
    }
}

/// <summary>The two layers below .env, environment and command line.</summary>
internal sealed class SettingsLayers
{
    /// <summary>Settings chosen on the console; the lowest layer.</summary>
    public SettingsLayer Console { get; } = new();

    /// <summary>The settings section of gateway.yaml.</summary>
    public SettingsLayer ConfigurationFile { get; } = new();
}
