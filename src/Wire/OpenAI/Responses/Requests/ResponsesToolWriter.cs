using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.OpenAI.Responses.Requests;

/// <summary>Writes tools and what is said about their use.</summary>
internal static class ResponsesToolWriter
{
    public static void Write(Utf8JsonWriter json, ModelRequest request)
    {
        if (request.Tools.Count > 0)
        {
            WriteTools(json, request.Tools);
            if (request.ToolChoice is { } choice)
            {
                WriteChoice(json, choice, request.Tools);
            }
        }

        json.WriteMember("parallel_tool_calls", request.ParallelToolCalls);
    }

    internal static void WriteTools(Utf8JsonWriter json, IReadOnlyList<ToolDefinition> tools)
    {
        json.WriteStartArray("tools"u8);
        foreach (var tool in tools)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, tool is CustomTool ? "custom"u8 : "function"u8);
            json.WriteString("name"u8, tool.Name);
            json.WriteMember("description", tool.Description);
            if (tool is FunctionTool function)
            {
                json.WriteRawMember("parameters", function.Parameters ?? ResponsesToolReader.NoParameters);

                // Only this protocol is strict unless told otherwise, and strictness forbids optional arguments.
                json.WriteBoolean("strict"u8, function.Strict ?? false);
            }
            else if (tool is CustomTool custom)
            {
                json.WriteRawMember("format", custom.Format);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    internal static void WriteChoice(Utf8JsonWriter json, ToolChoice choice, IReadOnlyList<ToolDefinition> tools)
    {
        json.WritePropertyName("tool_choice"u8);
        if (choice.Mode == ToolChoiceMode.Named)
        {
            WriteNamed(json, choice.Name ?? "", tools);
        }
        else if (choice.Allowed.Count > 0)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "allowed_tools"u8);
            json.WriteString("mode"u8, Word(choice.Mode));
            json.WriteStartArray("tools"u8);
            foreach (var name in choice.Allowed)
            {
                WriteNamed(json, name, tools);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }
        else
        {
            json.WriteStringValue(Word(choice.Mode));
        }
    }

    private static void WriteNamed(Utf8JsonWriter json, string name, IReadOnlyList<ToolDefinition> tools)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, tools.Any(t => t is CustomTool && t.Name == name) ? "custom"u8 : "function"u8);
        json.WriteString("name"u8, name);
        json.WriteEndObject();
    }

    private static ReadOnlySpan<byte> Word(ToolChoiceMode mode) => mode switch
    {
        ToolChoiceMode.None => "none"u8,
        ToolChoiceMode.Required => "required"u8,
        _ => "auto"u8,
    };
}
