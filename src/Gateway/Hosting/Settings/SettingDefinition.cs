using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace AIHigress.Gateway.Hosting.Settings;

/// <summary>One setting: its flat name, where it lands in configuration, its rule.</summary>
internal sealed record SettingDefinition(SettingAttribute Setting, string Section, PropertyInfo Property, object? Default)
{
    public string Name => Setting.Name;

    /// <summary>The configuration key, "Section:Property".</summary>
    public string Key => $"{Section}:{Property.Name}";

    public Type ValueType => Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    /// <summary>The rule in words, for errors and the reference; empty when any value of the type is fine.</summary>
    public string Rule
    {
        get
        {
            var rules = new List<string>();
            if (Property.GetCustomAttribute<RangeAttribute>() is { } range)
            {
                rules.Add($"{range.Minimum}…{range.Maximum}");
            }

            if (Property.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed)
            {
                rules.Add("one of " + string.Join(", ", allowed.Values));
            }

            if (rules.Count == 0 && ValueType == typeof(bool))
            {
                rules.Add("true or false");
            }

            if (rules.Count == 0 && ValueType.IsEnum)
            {
                rules.Add("one of " + string.Join(", ", Enum.GetNames(ValueType).Select(n => n.ToLowerInvariant())));
            }

            return string.Join("; ", rules);
        }
    }
}
