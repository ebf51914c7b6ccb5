using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.Anthropic.Fields;

/// <summary>Whether a request demands a call that only Anthropic can answer. Bad requests answer no: reading them says what is wrong.</summary>
internal static class ForcedTools
{
    public static bool AreHosted(JsonElement request)
    {
        if (!request.TryGetProperty("tool_choice"u8, out var choice))
        {
            return false;
        }

        return Text(choice, "type"u8) switch
        {
            "tool" => Tools(request).Any(t => IsHosted(t) && Text(t, "name"u8) == Text(choice, "name"u8)),
            "any" => Tools(request).Any() && Tools(request).All(IsHosted),
            _ => false,
        };
    }

    private static JsonElement.ArrayEnumerator Tools(JsonElement request) =>
        request.TryGetProperty("tools"u8, out var tools) && tools.ValueKind == JsonValueKind.Array ? tools.EnumerateArray() : default;

    private static bool IsHosted(JsonElement tool) => Text(tool, "type"u8) is not (null or "custom");

    private static string? Text(JsonElement element, ReadOnlySpan<byte> name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? JsonTree.Text(text) : null;
}
