using System.Text.Json;
using AIHigress.Wire.Gemini.Requests;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.Gemini;

/// <summary>Questions about a whole request that its field table asks. Bad requests answer no: reading them says what is wrong.</summary>
internal static class GeminiConditions
{
    public static bool HasStoredFile(JsonElement request) =>
        Many(request, "contents").SelectMany(c => Many(c, "parts")).Any(p => IsStored(p) || (Member(p, "functionResponse") is { } r && Many(r, "parts").Any(IsStored)));

    /// <summary>Some part holds something, and nothing that is known.</summary>
    public static bool HasUnknownPart(JsonElement request) => Many(request, "contents").SelectMany(c => Many(c, "parts")).Any(p =>
        p.ValueKind == JsonValueKind.Object && p.EnumerateObject().Any() && Member(p, "thoughtSignature") is null && !Array.Exists(GeminiContentReader.Kinds, kind => Member(p, kind) is not null));

    public static bool AllowsSomeTools(JsonElement request)
    {
        var config = Member(Member(request, "toolConfig"), "functionCallingConfig");
        var names = Member(config, "allowedFunctionNames") is { ValueKind: JsonValueKind.Array } list ? list.GetArrayLength() : 0;
        return names > 1 || (names == 1 && Text(config, "mode") != "ANY");
    }

    public static bool WantsAnyJson(JsonElement request)
    {
        var config = Member(request, "generationConfig");
        return Text(config, "responseMimeType") == "application/json"
            && Member(config, "responseSchema") is null && Member(config, "responseJsonSchema") is null && Member(config, "_responseJsonSchema") is null;
    }

    public static bool WantsOtherType(JsonElement request) =>
        Text(Member(request, "generationConfig"), "responseMimeType") is not (null or "" or "application/json" or "text/plain");

    private static bool IsStored(JsonElement part) => Text(Member(part, "fileData"), "fileUri") is { } uri && GeminiMedia.IsStored(uri);

    private static IEnumerable<JsonElement> Many(JsonElement element, string name) => Member(element, name) switch
    {
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray(),
        { } one => [one],
        null => [],
    };

    private static string? Text(JsonElement? element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } text ? JsonTree.Text(text) : null;

    private static JsonElement? Member(JsonElement? element, string name)
    {
        if (element is not { ValueKind: JsonValueKind.Object } fields)
        {
            return null;
        }

        return (fields.TryGetProperty(name, out var value) || fields.TryGetProperty(JsonNames.ToSnakeCase(name), out value)) && value.ValueKind != JsonValueKind.Null ? value : null;
    }
}
