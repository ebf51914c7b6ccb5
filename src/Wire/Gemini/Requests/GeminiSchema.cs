using System.Buffers;
using System.Text;
using System.Text.Json;
using AIHigress.Wire.Json;

namespace AIHigress.Wire.Gemini.Requests;

/// <summary>
/// Google's dialect of OpenAPI schemas (<c>"type":"STRING"</c>, <c>nullable</c>, limits as strings) as a JSON schema. What already is one stays.
/// https://ai.google.dev/api/caching#Schema
/// </summary>
internal static class GeminiSchema
{
    public static string ToJsonSchema(JsonElement schema)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = JsonOut.NewWriter(buffer))
        {
            WriteSchema(json, schema);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteSchema(Utf8JsonWriter json, JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            WriteRaw(json, schema);
            return;
        }

        var isNullable = schema.TryGetProperty("nullable", out var nullable) && nullable.ValueKind == JsonValueKind.True;
        json.WriteStartObject();
        foreach (var member in schema.EnumerateObject().Where(m => m.Value.ValueKind != JsonValueKind.Null))
        {
            WriteMember(json, JsonNames.ToCamelCase(JsonTree.Name(member)), member.Value, isNullable);
        }

        json.WriteEndObject();
    }

    private static void WriteMember(Utf8JsonWriter json, string name, JsonElement value, bool isNullable)
    {
        switch (name)
        {
            case "nullable" or "propertyOrdering":
                return;
            case "type" when value.ValueKind == JsonValueKind.String:
                WriteType(json, JsonTree.Text(value).ToLowerInvariant(), isNullable);
                return;
            case "properties" or "defs" or "$defs" when value.ValueKind == JsonValueKind.Object:
                WriteMap(json, name, value);
                return;
            case "anyOf" or "oneOf" or "allOf" or "prefixItems" when value.ValueKind == JsonValueKind.Array:
                json.WriteStartArray(name);
                foreach (var element in value.EnumerateArray())
                {
                    WriteSchema(json, element);
                }

                json.WriteEndArray();
                return;
            case "items" or "additionalProperties":
                json.WritePropertyName(name);
                WriteSchema(json, value);
                return;
            case "minItems" or "maxItems" or "minLength" or "maxLength" or "minProperties" or "maxProperties"
                when value.ValueKind == JsonValueKind.String && long.TryParse(JsonTree.Text(value), out var limit):
                json.WriteNumber(name, limit);
                return;
            default:
                json.WritePropertyName(name);
                WriteRaw(json, value);
                return;
        }
    }

    private static void WriteType(Utf8JsonWriter json, string type, bool isNullable)
    {
        if (type == "type_unspecified")
        {
            return;
        }

        if (!isNullable)
        {
            json.WriteString("type", type);
            return;
        }

        json.WriteStartArray("type");
        json.WriteStringValue(type);
        json.WriteStringValue("null");
        json.WriteEndArray();
    }

    private static void WriteMap(Utf8JsonWriter json, string name, JsonElement map)
    {
        json.WriteStartObject(name);
        foreach (var property in map.EnumerateObject())
        {
            json.WritePropertyName(JsonTree.Name(property));
            WriteSchema(json, property.Value);
        }

        json.WriteEndObject();
    }

    private static void WriteRaw(Utf8JsonWriter json, JsonElement value) => json.WriteRawValue(JsonTree.Raw(value), skipInputValidation: true);
}
