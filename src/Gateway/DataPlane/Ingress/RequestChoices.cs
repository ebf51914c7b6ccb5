using AIHigress.Gateway.Features.Models;
using Microsoft.Extensions.Primitives;

namespace AIHigress.Gateway.DataPlane.Ingress;

/// <summary>A client's own wishes for one request, from its X-Route-* headers.</summary>
internal sealed record RequestChoices(
    RoutingStrategy? Strategy,
    IReadOnlyList<string> Only,
    IReadOnlyList<string> Exclude,
    TimeSpan? Timeout)
{
    public static readonly RequestChoices None = new(null, [], [], null);

    /// <summary><c>X-Strict: true</c>: what would be dropped in conversion is refused instead.</summary>
    public bool Strict { get; init; }

    private const int MostProviders = 50;

    /// <exception cref="GatewayErrorException">400 naming the header and its rule.</exception>
    public static RequestChoices Read(IHeaderDictionary headers, int longestTimeoutMs)
    {
        var strategy = headers["X-Route-Strategy"];
        var only = headers["X-Route-Providers"];
        var exclude = headers["X-Route-Exclude"];
        var timeout = headers["X-Request-Timeout-Ms"];
        var strict = headers["X-Strict"];
        if (strategy.Count == 0 && only.Count == 0 && exclude.Count == 0 && timeout.Count == 0 && strict.Count == 0)
        {
            return None;
        }

        return new RequestChoices(
            ReadStrategy(strategy),
            ReadProviders("X-Route-Providers", only),
            ReadProviders("X-Route-Exclude", exclude),
            ReadTimeout(timeout, longestTimeoutMs))
        {
            Strict = ReadStrict(strict),
        };
    }

    private static bool ReadStrict(StringValues value) => value.ToString() switch
    {
        "" or "false" => false,
        "true" => true,
        _ => throw Bad("X-Strict", "must be true or false"),
    };

    private static RoutingStrategy? ReadStrategy(StringValues value)
    {
        if (value.Count == 0)
        {
            return null;
        }

        return StrategyNames.Parse(value.ToString()) ?? throw Bad(
            "X-Route-Strategy", $"must be one of {string.Join(", ", StrategyNames.All)}");
    }

    private static string[] ReadProviders(string header, StringValues value)
    {
        if (value.Count == 0)
        {
            return [];
        }

        var names = value.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return names.Length is > 0 and <= MostProviders
            ? names
            : throw Bad(header, $"must list 1 to {MostProviders} provider ids, separated by commas");
    }

    private static TimeSpan? ReadTimeout(StringValues value, int longest)
    {
        if (value.Count == 0)
        {
            return null;
        }

        return int.TryParse(value.ToString(), System.Globalization.NumberStyles.None, null, out var ms) && ms >= 1 && ms <= longest
            ? TimeSpan.FromMilliseconds(ms)
            : throw Bad("X-Request-Timeout-Ms", $"must be a whole number from 1 to {longest}");
    }

    private static GatewayErrorException Bad(string header, string rule) =>
        new(GatewayError.Invalid($"The header {header} {rule}.", header));
}
