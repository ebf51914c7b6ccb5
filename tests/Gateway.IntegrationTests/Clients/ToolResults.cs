using System.Text.Json;

namespace AIHigress.Gateway.IntegrationTests.Clients;

/// <summary>Finds the results of tools in a request of any protocol.</summary>
internal static class ToolResults
{
    private static readonly string[] Types = ["tool_result", "function_call_output", "custom_tool_call_output"];

    /// <summary>The JSON of each result.</summary>
    public static IReadOnlyList<string> In(string body)
    {
        using var json = JsonDocument.Parse(body);
        return [.. Below(json.RootElement).Where(IsResult).Select(result => result.GetRawText())];
    }

    private static bool IsResult(JsonElement element) =>
        Text(element, "role") == "tool" || Types.Contains(Text(element, "type")) || element.TryGetProperty("functionResponse", out _);

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IEnumerable<JsonElement> Below(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Below(member.Value)).Prepend(element),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Below),
        _ => [],
    };
}
