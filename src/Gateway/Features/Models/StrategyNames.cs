namespace AIHigress.Gateway.Features.Models;

/// <summary>The strategies by the names that headers, files and the API use.</summary>
internal static class StrategyNames
{
    public static readonly IReadOnlyList<string> All = ["balanced", "weighted", "priority"];

    public static RoutingStrategy? Parse(string? name) => name switch
    {
        "balanced" => RoutingStrategy.Balanced,
        "weighted" => RoutingStrategy.Weighted,
        "priority" => RoutingStrategy.Priority,
        _ => null,
    };

    public static string Of(RoutingStrategy strategy) => strategy switch
    {
        RoutingStrategy.Weighted => "weighted",
        RoutingStrategy.Priority => "priority",
        _ => "balanced",
    };
}
