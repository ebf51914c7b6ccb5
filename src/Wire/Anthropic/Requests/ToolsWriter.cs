using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Anthropic.Requests;

/// <summary>Writes <c>tools</c> and <c>tool_choice</c>.</summary>
internal static class ToolsWriter
{
    public static void Write(Utf8JsonWriter json, ModelRequest request)
    {
        // Anthropic has no list of allowed tools: only those are offered.
        var allowed = request.ToolChoice?.Allowed ?? [];
        var tools = request.Tools.Where(t => allowed.Count == 0 || allowed.Contains(t.Name)).ToArray();
        if (tools.Length == 0)
        {
            return;
        }

        json.WriteStartArray("tools"u8);
        foreach (var tool in tools)
        {
            WriteTool(json, tool);
        }

        json.WriteEndArray();
        WriteChoice(json, request);
    }

    private static void WriteChoice(Utf8JsonWriter json, ModelRequest request)
    {
        if (request.ToolChoice is null && request.ParallelToolCalls is not false)
        {
            return;
        }

        var choice = request.ToolChoice ?? new ToolChoice(ToolChoiceMode.Auto);
        json.WriteStartObject("tool_choice"u8);
        json.WriteString("type"u8, choice.Mode switch
        {
            ToolChoiceMode.None => "none"u8,
            ToolChoiceMode.Required => "any"u8,
            ToolChoiceMode.Named => "tool"u8,
            _ => "auto"u8,
        });
        if (choice.Mode == ToolChoiceMode.Named)
        {
            json.WriteMember("name", choice.Name);
        }

        if (choice.Mode != ToolChoiceMode.None)
        {
            json.WriteMember("disable_parallel_tool_use", !request.ParallelToolCalls);
        }

        json.WriteEndObject();
    }

    private static void WriteTool(Utf8JsonWriter json, ToolDefinition tool)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, tool.Name);
        json.WriteMember("description", tool.Description);
        json.WritePropertyName("input_schema"u8);
        if (tool is FunctionTool function)
        {
            WriteSchema(json, function.Parameters);
            json.WriteMember("strict", function.Strict);
        }
        else
        {
            WriteTextSchema(json, (tool as CustomTool)?.Format);
        }

        BlockWriter.WriteCache(json, tool.Cache);
        json.WriteEndObject();
    }

    /// <summary>The schema as it was sent; <c>type</c> is added where it is missing, as Anthropic demands it.</summary>
    private static void WriteSchema(Utf8JsonWriter json, string? schema)
    {
        using var document = schema is null ? null : JsonDocument.Parse(schema);
        if (document is { RootElement.ValueKind: JsonValueKind.Object } && document.RootElement.EnumerateObject().Any(m => JsonTree.Name(m) == "type"))
        {
            json.WriteRawValue(schema!, skipInputValidation: true);
            return;
        }

        json.WriteStartObject();
        json.WriteString("type"u8, "object"u8);
        if (document is { RootElement.ValueKind: JsonValueKind.Object })
        {
            foreach (var member in document.RootElement.EnumerateObject())
            {
                json.WriteRawMember(JsonTree.Name(member), JsonTree.Raw(member.Value));
            }
        }
        else
        {
            json.WriteStartObject("properties"u8);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteTextSchema(Utf8JsonWriter json, string? format)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "object"u8);
        json.WriteStartObject("properties"u8);
        json.WriteStartObject("input"u8);
        json.WriteString("type"u8, "string"u8);
        if (format is not null)
        {
            json.WriteString("description"u8, $"The tool's input as free text. Its format: {format}");
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartArray("required"u8);
        json.WriteStringValue("input"u8);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
