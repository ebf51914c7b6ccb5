using System.Buffers;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Gemini.Requests;

/// <summary>Writes generateContent requests; model and stream stand in the address.</summary>
internal static class GeminiRequestWriter
{
    public static void Write(ModelRequest request, RequestTarget target, IBufferWriter<byte> output)
    {
        using var json = JsonOut.NewWriter(output);
        json.WriteStartObject();
        WriteSystem(json, request.System);
        WriteTools(json, request.Tools);
        WriteToolChoice(json, request.ToolChoice);
        GeminiConfigWriter.Write(json, request, new GeminiModelKind(target.Model));
        new GeminiContentWriter(json, target, request.Messages).Write();
        json.WriteEndObject();
    }

    private static void WriteSystem(Utf8JsonWriter json, IReadOnlyList<TextPart> system)
    {
        if (system.Count == 0)
        {
            return;
        }

        json.WriteStartObject("systemInstruction");
        json.WriteStartArray("parts");
        foreach (var part in system)
        {
            json.WriteStartObject();
            json.WriteString("text", part.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTools(Utf8JsonWriter json, IReadOnlyList<ToolDefinition> tools)
    {
        if (tools.Count == 0)
        {
            return;
        }

        json.WriteStartArray("tools");
        json.WriteStartObject();
        json.WriteStartArray("functionDeclarations");
        foreach (var tool in tools)
        {
            json.WriteStartObject();
            json.WriteString("name", tool.Name);
            json.WriteMember("description", tool.Description);
            json.WriteRawMember("parametersJsonSchema", tool is FunctionTool function ? function.Parameters : GeminiArguments.CustomSchema);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteToolChoice(Utf8JsonWriter json, ToolChoice? choice)
    {
        if (choice is null)
        {
            return;
        }

        IReadOnlyList<string> allowed = choice is { Mode: ToolChoiceMode.Named, Name: { } name } ? [name] : choice.Allowed;
        json.WriteStartObject("toolConfig");
        json.WriteStartObject("functionCallingConfig");

        // AUTO does not go with a list of names; VALIDATED is the mode that leaves the choice and does.
        json.WriteString("mode", choice.Mode switch
        {
            ToolChoiceMode.None => "NONE",
            ToolChoiceMode.Auto => allowed.Count > 0 ? "VALIDATED" : "AUTO",
            _ => "ANY",
        });
        if (allowed.Count > 0 && choice.Mode != ToolChoiceMode.None)
        {
            json.WriteStartArray("allowedFunctionNames");
            foreach (var tool in allowed)
            {
                json.WriteStringValue(tool);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
