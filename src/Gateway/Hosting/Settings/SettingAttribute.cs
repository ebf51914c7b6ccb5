namespace AIHigress.Gateway.Hosting.Settings;

/// <summary>
/// Gives an options property its flat name, the one users write in the environment, in .env and (lower case) in
/// gateway.yaml. The configuration reference is made from these; ranges come from the data annotations beside it.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SettingAttribute(string name, string description) : Attribute
{
    /// <summary>UPPER_SNAKE name.</summary>
    public string Name { get; } = name;

    /// <summary>One English sentence for the reference.</summary>
    public string Description { get; } = description;

    /// <summary>Another name for the same value.</summary>
    public string? OtherName { get; init; }

    /// <summary>True when a change acts without a restart.</summary>
    public bool Live { get; init; }

    /// <summary>True for values that are never shown; they may also be given as NAME_FILE.</summary>
    public bool Secret { get; init; }

    /// <summary>What the reference shows when the default is not a constant.</summary>
    public string? DefaultText { get; init; }
}
