namespace AIHigress.Gateway.DataPlane.Routing;

/// <summary>What can put a candidate first besides the strategy.</summary>
internal static class Stickiness
{
    /// <summary>The session's upstream.</summary>
    public const string Session = "session";

    /// <summary>The provider that made what only its maker can read.</summary>
    public const string Maker = "maker";

    /// <summary>The upstream whose cache may hold the beginning of the prompt.</summary>
    public const string Prefix = "prefix";
}

/// <summary>A fallback of the logical model that was asked for.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Reason">Why it gave no candidate at all; null: its upstreams were looked at.</param>
internal readonly record struct FallbackStep(string Model, string? Reason)
{
    public const string Unknown = "unknown_model";
    public const string NotAllowed = "not_allowed_for_key";
    public const string Disabled = "model_disabled";
}
