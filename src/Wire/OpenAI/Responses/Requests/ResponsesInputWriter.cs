using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.OpenAI.Responses.Requests;

/// <summary>Takes the turns apart into input items: each run of content is a message, each call, result and thought an item of its own.</summary>
internal static class ResponsesInputWriter
{
    public static void Write(Utf8JsonWriter json, ModelRequest request, RequestTarget target)
    {
        json.WriteStartArray("input"u8);
        if (request.System.Count > 1)
        {
            // The first stands in instructions.
            WriteMessage(json, "developer", [.. request.System.Skip(1)]);
        }

        foreach (var message in request.Messages)
        {
            WriteTurn(json, message, target);
        }

        json.WriteEndArray();
    }

    private static void WriteTurn(Utf8JsonWriter json, Message message, RequestTarget target)
    {
        var role = message.Role switch
        {
            Role.System => "developer",
            Role.Assistant => "assistant",
            _ => "user",
        };
        var run = new List<Part>();
        foreach (var part in message.Parts)
        {
            if (part is not (ToolCallPart or ToolResultPart or ReasoningPart))
            {
                run.Add(part);
                continue;
            }

            WriteRun(json, role, run);
            WriteItem(json, part, target);
        }

        WriteRun(json, role, run);
    }

    private static void WriteRun(Utf8JsonWriter json, string role, List<Part> run)
    {
        if (run.Count > 0)
        {
            WriteMessage(json, role, run);
            run.Clear();
        }
    }

    private static void WriteMessage(Utf8JsonWriter json, string role, IReadOnlyList<Part> parts)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, role);
        json.WriteStartArray("content"u8);
        foreach (var part in parts)
        {
            ResponsesContentWriter.Write(json, part, isOutput: role == "assistant");
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteItem(Utf8JsonWriter json, Part part, RequestTarget target)
    {
        switch (part)
        {
            case ToolCallPart call:
                WriteCall(json, call);
                break;
            case ToolResultPart result:
                WriteResult(json, result);
                break;
            case ReasoningPart { Seal: { } seal } thoughts when seal.IsReadableBy(WireProtocol.Responses, target.Provider):
                WriteReasoning(json, thoughts, seal);
                break;
            default:
                // Thoughts that this upstream did not make would be refused.
                break;
        }
    }

    private static void WriteCall(Utf8JsonWriter json, ToolCallPart call)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, call.IsCustom ? "custom_tool_call"u8 : "function_call"u8);
        json.WriteString("call_id"u8, CallIds.ForUpstream(call.Id));
        json.WriteString("name"u8, call.Name);
        json.WriteString(call.IsCustom ? "input"u8 : "arguments"u8, call.Arguments);
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, ToolResultPart result)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, result.IsCustom ? "custom_tool_call_output"u8 : "function_call_output"u8);
        json.WriteString("call_id"u8, CallIds.ForUpstream(result.CallId));
        var content = result.IsError ? MarkError(result.Content) : result.Content;
        if (content is [] or [TextPart])
        {
            json.WriteString("output"u8, content is [TextPart text] ? text.Text : "");
        }
        else
        {
            json.WriteStartArray("output"u8);
            foreach (var part in content)
            {
                ResponsesContentWriter.Write(json, part, isOutput: false);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    // The protocol has no flag for it: the model must read it.
    private static IReadOnlyList<Part> MarkError(IReadOnlyList<Part> content) => content switch
    {
        [TextPart text, ..] when text.Text.StartsWith("Error", StringComparison.OrdinalIgnoreCase) => content,
        [TextPart text, ..] => [new TextPart($"Error: {text.Text}"), .. content.Skip(1)],
        _ => [new TextPart("Error"), .. content],
    };

    private static void WriteReasoning(Utf8JsonWriter json, ReasoningPart thoughts, Seal seal)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "reasoning"u8);
        if (thoughts.Id is { } id && id.StartsWith("rs_", StringComparison.Ordinal))
        {
            json.WriteString("id"u8, id);
        }

        json.WriteStartArray("summary"u8);
        if (thoughts.Text.Length > 0)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "summary_text"u8);
            json.WriteString("text"u8, thoughts.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("encrypted_content"u8, seal.Value);
        json.WriteEndObject();
    }
}
