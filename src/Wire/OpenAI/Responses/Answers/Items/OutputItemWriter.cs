using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.OpenAI.Responses.Answers.Items;

/// <summary>Writes output items and content parts as JSON values.</summary>
internal static class OutputItemWriter
{
    /// <param name="isWhole">False: as it is announced, without content.</param>
    public static void Write(Utf8JsonWriter json, OutputItem item, ReadOnlySpan<byte> status, bool isWhole = true)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, item.Id);
        switch (item.Kind)
        {
            case OutputItemKind.Message:
                WriteMessage(json, isWhole ? item.Parts : [], status);
                break;
            case OutputItemKind.Reasoning:
                WriteReasoning(json, item, isWhole);
                break;
            case OutputItemKind.ShellCall:
                WriteShellCall(json, item, status, isWhole);
                break;
            default:
                WriteCall(json, item, status, isWhole);
                break;
        }

        json.WriteEndObject();
    }

    /// <param name="text">The part's text so far.</param>
    public static void WriteContent(Utf8JsonWriter json, AnswerPartKind kind, ReadOnlySpan<byte> text)
    {
        json.WriteStartObject();
        if (kind == AnswerPartKind.Refusal)
        {
            json.WriteString("type"u8, "refusal"u8);
            json.WriteString("refusal"u8, text);
        }
        else
        {
            json.WriteString("type"u8, "output_text"u8);
            WriteEmptyArray(json, "annotations"u8);
            WriteEmptyArray(json, "logprobs"u8);
            json.WriteString("text"u8, text);
        }

        json.WriteEndObject();
    }

    public static void WriteSummary(Utf8JsonWriter json, ReadOnlySpan<byte> text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "summary_text"u8);
        json.WriteString("text"u8, text);
        json.WriteEndObject();
    }

    public static void WriteEmptyArray(Utf8JsonWriter json, ReadOnlySpan<byte> name)
    {
        json.WriteStartArray(name);
        json.WriteEndArray();
    }

    private static void WriteMessage(Utf8JsonWriter json, List<OutputPart> parts, ReadOnlySpan<byte> status)
    {
        json.WriteString("type"u8, "message"u8);
        json.WriteString("status"u8, status);
        json.WriteStartArray("content"u8);
        foreach (var part in parts)
        {
            WriteContent(json, part.Kind, part.Text.WrittenSpan);
        }

        json.WriteEndArray();
        json.WriteString("role"u8, "assistant"u8);
    }

    private static void WriteReasoning(Utf8JsonWriter json, OutputItem item, bool isWhole)
    {
        json.WriteString("type"u8, "reasoning"u8);
        json.WriteStartArray("summary"u8);
        if (isWhole && item.Parts is [{ Text.WrittenCount: > 0 } part])
        {
            WriteSummary(json, part.Text.WrittenSpan);
        }

        json.WriteEndArray();
        json.WriteMember("encrypted_content", item.Sealed);
    }

    private static void WriteCall(Utf8JsonWriter json, OutputItem item, ReadOnlySpan<byte> status, bool isWhole)
    {
        var isCustom = item.Kind == OutputItemKind.CustomCall;
        json.WriteString("type"u8, isCustom ? "custom_tool_call"u8 : "function_call"u8);
        json.WriteString("status"u8, status);
        json.WriteString(isCustom ? "input"u8 : "arguments"u8, isWhole ? item.Parts[0].Text.WrittenSpan : []);
        json.WriteString("call_id"u8, item.CallId);
        json.WriteString("name"u8, item.Name);
        json.WriteMember("namespace", item.Namespace);
    }

    private static void WriteShellCall(Utf8JsonWriter json, OutputItem item, ReadOnlySpan<byte> status, bool isWhole)
    {
        json.WriteString("type"u8, "local_shell_call"u8);
        json.WriteString("status"u8, status);
        json.WriteString("call_id"u8, item.CallId);
        LocalShell.WriteAction(json, isWhole ? item.Parts[0].Text.WrittenMemory : default);
    }
}
