using System.Text;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Anthropic;

/// <summary>The arguments of a call as the JSON object that <c>input</c> must be.</summary>
internal static class ToolInput
{
    /// <summary>No arguments are an empty object; free text and what is no JSON object stands under the name <c>input</c>.</summary>
    public static void Write(Utf8JsonWriter json, ToolCallPart call)
    {
        json.WritePropertyName("input"u8);
        if (!call.IsCustom && string.IsNullOrWhiteSpace(call.Arguments))
        {
            json.WriteRawValue("{}"u8, skipInputValidation: true);
        }
        else if (!call.IsCustom && IsObject(call.Arguments))
        {
            json.WriteRawValue(call.Arguments.Trim(), skipInputValidation: true);
        }
        else
        {
            json.WriteStartObject();
            json.WriteString("input"u8, call.Arguments);
            json.WriteEndObject();
        }
    }

    private static bool IsObject(string text)
    {
        if (!text.AsSpan().TrimStart(" \t\r\n").StartsWith("{"))
        {
            return false;
        }

        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), new JsonReaderOptions { MaxDepth = JsonFault.MaxDepth });
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
