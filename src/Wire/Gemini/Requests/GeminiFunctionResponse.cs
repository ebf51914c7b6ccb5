using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Gemini.Requests;

/// <summary>
/// A tool's text as the object that functionResponse.response must be, and back: a JSON object stays itself, other text is wrapped in
/// <c>result</c>, an error in <c>error</c>. Without text it is an empty object.
/// </summary>
internal static class GeminiFunctionResponse
{
    // The object stands three levels deep in the request, which must stay readable.
    private static readonly JsonDocumentOptions Embedded = new() { MaxDepth = JsonFault.MaxDepth - 16, AllowDuplicateProperties = false };

    public static void Write(Utf8JsonWriter json, ToolResultPart result)
    {
        var texts = result.Content.OfType<TextPart>().Select(p => p.Text).ToList();
        var text = string.Join('\n', texts);
        if (!result.IsError && texts.Count > 0 && IsPlainObject(text))
        {
            json.WriteRawMember("response", text);
            return;
        }

        json.WriteStartObject("response");
        if (texts.Count > 0 || result.IsError)
        {
            json.WriteString(result.IsError ? "error" : "result", text);
        }

        json.WriteEndObject();
    }

    /// <summary>The tool's text, null when it said none.</summary>
    public static string? Read(JsonElement response, out bool isError)
    {
        isError = false;
        var members = response.EnumerateObject().Take(2).ToArray();
        if (members.Length == 0)
        {
            return null;
        }

        if (members.Length > 1 || !IsWrapper(members[0]))
        {
            return JsonTree.Raw(response);
        }

        isError = JsonTree.Name(members[0]) == "error";
        return members[0].Value.ValueKind == JsonValueKind.String ? JsonTree.Text(members[0].Value) : JsonTree.Raw(members[0].Value);
    }

    /// <summary>Whether a text is a JSON object that can stand in a request as it is.</summary>
    public static bool IsObject(string text) => Inspect(text, _ => true);

    private static bool IsPlainObject(string text) => Inspect(text, root => root.EnumerateObject().Take(2).ToArray() switch
    {
        [] => false,
        [var only] => !IsWrapper(only),
        _ => true,
    });

    private static bool Inspect(string text, Func<JsonElement, bool> isGood)
    {
        // The text must come back as it went: without blanks around the object.
        if (!text.StartsWith('{') || !text.EndsWith('}'))
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(text, Embedded);
            return isGood(document.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // "output" is the name that Google's own clients use; "error" is one whatever its value.
    private static bool IsWrapper(JsonProperty member) => JsonTree.Name(member) switch
    {
        "result" or "output" => member.Value.ValueKind == JsonValueKind.String,
        "error" => member.Value.ValueKind != JsonValueKind.Null,
        _ => false,
    };
}
