using System.Text.Json;

namespace AIHigress.Gateway.Features.Models.Routes;

/// <summary>The names of routing strategies in the API and in gateway.yaml.</summary>
internal static class RoutingStrategies
{
    public static readonly IReadOnlyList<string> Names = [.. Enum.GetValues<RoutingStrategy>().Select(Name)];

    public static string Name(RoutingStrategy strategy) => JsonNamingPolicy.SnakeCaseLower.ConvertName(strategy.ToString());

    /// <summary>Null for null and for a name that is none.</summary>
    public static RoutingStrategy? Parse(string? name)
    {
        foreach (var strategy in Enum.GetValues<RoutingStrategy>())
        {
            if (Name(strategy) == name)
            {
                return strategy;
            }
        }

        return null;
    }
}
