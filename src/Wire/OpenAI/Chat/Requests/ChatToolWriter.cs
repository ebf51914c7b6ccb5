using System.Text;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.OpenAI.Chat.Requests;

/// <summary>Writes <c>tools</c> and <c>tool_choice</c>.</summary>
internal static class ChatToolWriter
{
    private const string InputSchema = """{"type":"object","properties":{"input":{"type":"string"}},"required":["input"],"additionalProperties":false}""";

    /// <param name="takesCustom">The upstream knows custom tools; else they become functions with one text argument.</param>
    public static void Write(Utf8JsonWriter json, ModelRequest request, bool takesCustom)
    {
        if (request.Tools.Count > 0)
        {
            json.WriteStartArray("tools"u8);
            foreach (var tool in request.Tools)
            {
                WriteTool(json, tool, takesCustom);
            }

            json.WriteEndArray();
        }

        if (request.ToolChoice is { } choice)
        {
            WriteChoice(json, choice, name => takesCustom && request.Tools.Any(t => t is CustomTool && t.Name == name));
        }
    }

    /// <summary>The free text of a custom tool's call as the arguments of a function.</summary>
    public static string Wrap(string input)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = JsonOut.NewWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("input"u8, input);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteTool(Utf8JsonWriter json, ToolDefinition tool, bool takesCustom)
    {
        json.WriteStartObject();
        if (tool is CustomTool custom)
        {
            WriteCustom(json, custom, takesCustom);
        }
        else
        {
            var function = (FunctionTool)tool;
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, function.Name);
            json.WriteMember("description", function.Description);
            json.WriteRawMember("parameters", function.Parameters);
            json.WriteMember("strict", function.Strict);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteCustom(Utf8JsonWriter json, CustomTool tool, bool takesCustom)
    {
        if (takesCustom)
        {
            json.WriteString("type"u8, "custom"u8);
            json.WriteStartObject("custom"u8);
            json.WriteString("name"u8, tool.Name);
            json.WriteMember("description", tool.Description);
            WriteFormat(json, tool.Format);
            json.WriteEndObject();
            return;
        }

        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, tool.Name);
        json.WriteMember("description", Describe(tool));
        json.WriteRawMember("parameters", InputSchema);
        json.WriteEndObject();
    }

    // Responses writes a grammar's members beside the type, Chat in an object of their own.
    private static void WriteFormat(Utf8JsonWriter json, string? format)
    {
        if (format is null)
        {
            return;
        }

        using var document = JsonDocument.Parse(format);
        if (!document.RootElement.TryGetProperty("syntax", out var syntax) || !document.RootElement.TryGetProperty("definition", out var definition))
        {
            json.WriteRawMember("format", format);
            return;
        }

        json.WriteStartObject("format"u8);
        json.WriteString("type"u8, "grammar"u8);
        json.WriteStartObject("grammar"u8);
        json.WriteRawMember("syntax", JsonTree.Raw(syntax));
        json.WriteRawMember("definition", JsonTree.Raw(definition));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string? Describe(CustomTool tool)
    {
        if (tool.Format is null || !tool.Format.Contains("grammar", StringComparison.Ordinal))
        {
            return tool.Description;
        }

        var rule = $"The input must have this format: {tool.Format}";
        return tool.Description is { Length: > 0 } description ? $"{description}\n\n{rule}" : rule;
    }

    private static void WriteChoice(Utf8JsonWriter json, ToolChoice choice, Func<string, bool> isCustom)
    {
        if (choice.Mode == ToolChoiceMode.Named)
        {
            json.WritePropertyName("tool_choice"u8);
            WriteNamed(json, choice.Name!, isCustom(choice.Name!));
        }
        else if (choice.Allowed.Count == 0)
        {
            json.WriteString("tool_choice"u8, Word(choice.Mode));
        }
        else
        {
            json.WriteStartObject("tool_choice"u8);
            json.WriteString("type"u8, "allowed_tools"u8);
            json.WriteStartObject("allowed_tools"u8);
            json.WriteString("mode"u8, Word(choice.Mode));
            json.WriteStartArray("tools"u8);
            foreach (var name in choice.Allowed)
            {
                WriteNamed(json, name, isCustom(name));
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    private static void WriteNamed(Utf8JsonWriter json, string name, bool isCustom)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, isCustom ? "custom"u8 : "function"u8);
        json.WriteStartObject(isCustom ? "custom"u8 : "function"u8);
        json.WriteString("name"u8, name);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Word(ToolChoiceMode mode) => mode switch
    {
        ToolChoiceMode.None => "none",
        ToolChoiceMode.Required => "required",
        _ => "auto",
    };
}
