using System.Text.Json;

namespace AIHigress.TestKit.Grammar;

/// <summary>The arguments of a function call, which every protocol wants to be one JSON object.</summary>
internal static class CallArguments
{
    public static bool AreObject(string text) => TryRead(text, out _);

    /// <summary>In one spelling, so that streams and plain answers compare; a text that was cut off stays as it is.</summary>
    public static string Compact(string text) => TryRead(text, out var value) ? Compact(value) : text;

    public static string Compact(JsonElement value) => JsonSerializer.Serialize(value);

    private static bool TryRead(string text, out JsonElement value)
    {
        try
        {
            value = JsonElement.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return value.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            value = default;
            return false;
        }
    }
}
