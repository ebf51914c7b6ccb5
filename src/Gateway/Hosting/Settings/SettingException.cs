namespace AIHigress.Gateway.Hosting.Settings;

/// <summary>The start can't go on because of the configuration; the message is one line for the operator.</summary>
internal sealed class SettingException(string setting, string message) : Exception($"{setting}: {message}")
{
    public string Setting { get; } = setting;

    /// <summary>What is wrong, without the name.</summary>
    public string Fault { get; } = message;
}
