using System.Text.Json;

namespace AIHigress.Gateway.Features.Models;

/// <summary>How the upstreams of a logical model are put in order (data-plane.md §3).</summary>
public enum RoutingStrategy
{
    /// <summary>By chance in proportion to the score; of two, the less busy one.</summary>
    Balanced,

    /// <summary>As balanced, with latency weighing most.</summary>
    LatencyFirst,

    /// <summary>The best score, with cost weighing most.</summary>
    CostFirst,

    /// <summary>The best score, with errors weighing most.</summary>
    ReliabilityFirst,

    /// <summary>By chance in proportion to the given weights alone.</summary>
    Weighted,

    /// <summary>The fewest requests in flight for its weight.</summary>
    LeastBusy,

    /// <summary>In declared order.</summary>
    Priority,

    /// <summary>Learns by trying which upstream answers in time.</summary>
    Bandit,
}

/// <summary>The strategies by the names that headers, files and the API use.</summary>
internal static class StrategyNames
{
    private static readonly RoutingStrategy[] Values = Enum.GetValues<RoutingStrategy>();

    public static readonly IReadOnlyList<string> All = [.. Values.Select(v => JsonNamingPolicy.SnakeCaseLower.ConvertName(v.ToString()))];

    /// <summary>Null for null and for a name that is none.</summary>
    public static RoutingStrategy? Parse(string? name)
    {
        for (var i = 0; i < Values.Length; i++)
        {
            if (All[i] == name)
            {
                return Values[i];
            }
        }

        return null;
    }

    public static string Of(RoutingStrategy strategy) => All[(int)strategy];
}
