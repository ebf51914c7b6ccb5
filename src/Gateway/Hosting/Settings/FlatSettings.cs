using System.Globalization;

namespace AIHigress.Gateway.Hosting.Settings;

/// <summary>Turns flat NAME=value pairs into configuration keys, checking type and rule on the way.</summary>
internal static class FlatSettings
{
    /// <summary>Maps known names; unknown ones are left alone. NAME_FILE reads a secret from a file.</summary>
    /// <exception cref="SettingException">A value breaks its rule; says name, value (secrets hidden) and rule.</exception>
    public static Dictionary<string, string?> Map(IEnumerable<KeyValuePair<string, string?>> pairs)
    {
        var mapped = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in pairs)
        {
            if (string.IsNullOrEmpty(value))
            {
                continue;
            }

            if (SettingCatalogue.Find(name) is { } definition)
            {
                mapped[definition.Key] = Check(definition, value);
            }
            else if (name.EndsWith("_FILE", StringComparison.OrdinalIgnoreCase)
                && SettingCatalogue.Find(name[..^5]) is { Setting.Secret: true } secret)
            {
                mapped[secret.Key] = Check(secret, ReadFile(name, value));
            }
        }

        return mapped;
    }

    /// <summary>Returns the value in the form that configuration binding reads.</summary>
    public static string Check(SettingDefinition definition, string value)
    {
        value = value.Trim();
        var normalized = definition.ValueType == typeof(bool) ? ReadBool(value) : value;
        object? typed = null;
        try
        {
            typed = normalized is null ? null : Convert(definition.ValueType, normalized);
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
        {
            // Reported below in the operator's terms.
        }

        if (typed is null || !IsAllowed(definition, typed))
        {
            var shown = definition.Setting.Secret ? "(hidden)" : $"'{value}'";
            throw new SettingException(definition.Name, $"the value {shown} is not allowed; it must be {Expected(definition)}");
        }

        return normalized!;
    }

    private static string Expected(SettingDefinition definition)
    {
        var rule = definition.Rule;
        var kind = definition.ValueType == typeof(int) || definition.ValueType == typeof(long) ? "a whole number"
            : definition.ValueType == typeof(double) || definition.ValueType == typeof(decimal) ? "a number"
            : "";
        return string.Join(" ", new[] { kind, rule }.Where(s => s.Length > 0)) is { Length: > 0 } text ? text : "valid text";
    }

    private static bool IsAllowed(SettingDefinition definition, object typed) =>
        definition.Property.GetCustomAttributes(typeof(System.ComponentModel.DataAnnotations.ValidationAttribute), inherit: true)
            .Cast<System.ComponentModel.DataAnnotations.ValidationAttribute>()
            .All(rule => rule.IsValid(typed));

    private static object Convert(Type type, string value) =>
        type.IsEnum
            ? Enum.Parse(type, value, ignoreCase: true)
            : System.Convert.ChangeType(value, type, CultureInfo.InvariantCulture);

    private static string? ReadBool(string value) => value.ToLowerInvariant() switch
    {
        "true" or "1" or "yes" => "true",
        "false" or "0" or "no" => "false",
        _ => null,
    };

    private static string ReadFile(string name, string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingException(name, $"the file '{path}' can't be read: {e.Message}");
        }
    }
}
