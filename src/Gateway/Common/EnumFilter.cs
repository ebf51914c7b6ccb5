using System.Text.Json;
using AIHigress.Gateway.Hosting.Errors;

namespace AIHigress.Gateway.Common;

/// <summary>Reads a lower_snake enum value out of a query parameter.</summary>
internal static class EnumFilter
{
    /// <exception cref="ProblemException">400 naming the parameter and its values.</exception>
    public static T? Read<T>(string name, string? text)
        where T : struct, Enum
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        foreach (var value in Enum.GetValues<T>())
        {
            if (Name(value) == text)
            {
                return value;
            }
        }

        var allowed = Enum.GetValues<T>().Select(Name).ToArray();
        throw Problems.Field(name, "not_allowed", $"must be one of {string.Join(", ", allowed)}",
            new Dictionary<string, object?> { ["allowed"] = allowed });
    }

    /// <summary>The value as the API and gateway.yaml write it.</summary>
    public static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
