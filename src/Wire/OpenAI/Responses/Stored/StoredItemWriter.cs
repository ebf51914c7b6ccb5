using System.Buffers;
using System.Text;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.OpenAI.Responses.Answers;
using AIHigress.Wire.OpenAI.Responses.Answers.Items;

namespace AIHigress.Wire.OpenAI.Responses.Stored;

/// <summary>Writes items as the API lists them: with an id and a type, and content as a list of parts.</summary>
internal static class StoredItemWriter
{
    /// <param name="text">A JSON string.</param>
    public static StoredItem FromText(string text, string id) => new(id, Write(json => WriteText(json, text, id)));

    public static StoredItem FromItem(JsonElement item, string seed)
    {
        var type = OutputItemReader.Text(item, "type") ?? "message";
        var id = OutputItemReader.Text(item, "id") is { Length: > 0 } own ? OutputItemReader.Clean(own) : $"{Prefix(type)}{seed}";
        return new StoredItem(id, Write(json => WriteItem(json, item, type, id)));
    }

    /// <summary>A user's message.</summary>
    public static void WriteText(Utf8JsonWriter json, string text, string? id)
    {
        json.WriteStartObject();
        json.WriteMember("id", id);
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, "user"u8);
        json.WritePropertyName("content"u8);
        WriteParts(json, text, "input_text");
        json.WriteEndObject();
    }

    private static void WriteItem(Utf8JsonWriter json, JsonElement item, string type, string id)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        json.WriteString("type"u8, type);
        foreach (var member in item.EnumerateObject())
        {
            var name = JsonTree.Name(member);
            if (name is "id" or "type")
            {
                continue;
            }

            json.WritePropertyName(name);
            if (type == "message" && name == "content" && member.Value.ValueKind == JsonValueKind.String)
            {
                WriteParts(json, JsonTree.Raw(member.Value), OutputItemReader.Text(item, "role") == "assistant" ? "output_text" : "input_text");
            }
            else
            {
                json.WriteRawValue(JsonTree.Raw(member.Value), skipInputValidation: true);
            }
        }

        json.WriteEndObject();
    }

    private static void WriteParts(Utf8JsonWriter json, string text, string type)
    {
        json.WriteStartArray();
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        json.WriteRawMember("text", text);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static string Write(Action<Utf8JsonWriter> content)
    {
        var output = new ArrayBufferWriter<byte>();
        using var json = JsonOut.NewWriter(output);
        content(json);
        json.Flush();
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string Prefix(string type) => type switch
    {
        "message" => "msg_",
        "function_call" => "fc_",
        "function_call_output" => "fco_",
        "custom_tool_call" => "ctc_",
        "custom_tool_call_output" => "ctco_",
        "local_shell_call" => "lsh_",
        "local_shell_call_output" => "lsho_",
        "reasoning" => "rs_",
        _ => "item_",
    };
}
