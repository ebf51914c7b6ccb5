using System.Buffers;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Anthropic.Answers;

/// <summary>Writes a whole answer for a Messages client: the first choice, as the protocol has only one.</summary>
internal static class AnswerWriter
{
    public static void Write(ModelAnswer answer, AnswerContext context, IBufferWriter<byte> output)
    {
        var choice = answer.Choices.Count > 0 ? answer.Choices[0] : new AnswerChoice(0, [], FinishReason.Stop);
        using var json = JsonOut.NewWriter(output);
        json.WriteStartObject();
        WriteHead(json, MessagesIds.Message(answer.Id, context), answer.Model.Length > 0 ? answer.Model : context.Request.Model);
        json.WriteStartArray("content"u8);
        for (var i = 0; i < choice.Parts.Count; i++)
        {
            WritePart(json, choice.Parts[i], i, context);
        }

        json.WriteEndArray();
        WriteStop(json, choice.Finish, choice.StopSequence, choice.Parts.Any(p => p is ToolCallPart));
        MessagesUsage.Write(json, answer.Usage);
        json.WriteEndObject();
    }

    /// <summary>The first members of a message, in an answer and in a stream's first event.</summary>
    public static void WriteHead(Utf8JsonWriter json, string id, string model)
    {
        json.WriteString("id"u8, id);
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("model"u8, model);
    }

    public static void WriteStop(Utf8JsonWriter json, FinishReason finish, string? stopSequence, bool hasCalls)
    {
        var reason = StopReasons.Write(finish, stopSequence, hasCalls);
        json.WriteString("stop_reason"u8, reason);
        json.WriteString("stop_sequence"u8, reason == "stop_sequence" ? stopSequence : null);
    }

    /// <summary>A seal as the client gets it, marked with the provider that made it.</summary>
    public static string Show(Seal seal, AnswerContext context) =>
        (seal.Provider is null ? seal with { Provider = context.Provider } : seal).For(WireProtocol.Messages);

    private static void WritePart(Utf8JsonWriter json, Part part, int number, AnswerContext context)
    {
        switch (part)
        {
            case TextPart text:
                WriteText(json, text.Text);
                break;
            case RefusalPart refusal:
                WriteText(json, refusal.Text);
                break;
            case ReasoningPart { IsRedacted: true } hidden:
                if (hidden.Seal is not null)
                {
                    json.WriteStartObject();
                    json.WriteString("type"u8, "redacted_thinking"u8);
                    json.WriteString("data"u8, Show(hidden.Seal, context));
                    json.WriteEndObject();
                }

                break;
            case ReasoningPart thoughts:
                WriteThinking(json, thoughts.Text, thoughts.Seal, context);
                break;
            case ToolCallPart call:
                WriteCall(json, call, number, context);
                break;
            default:
                break;
        }
    }

    private static void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "text"u8);
        json.WriteString("text"u8, text);
        json.WriteEndObject();
    }

    /// <summary>
    /// For thoughts of an upstream that signs nothing: a mark instead of an empty text, so that they are known again and never
    /// sent to Anthropic, which refuses thoughts that it did not sign.
    /// </summary>
    public static string Unsigned(AnswerContext context) => new Seal(WireProtocol.Chat, "") { Provider = context.Provider }.For(WireProtocol.Messages);

    private static void WriteThinking(Utf8JsonWriter json, string text, Seal? seal, AnswerContext context)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "thinking"u8);
        json.WriteString("thinking"u8, text);
        json.WriteString("signature"u8, seal is null ? Unsigned(context) : Show(seal, context));
        json.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter json, ToolCallPart call, int number, AnswerContext context)
    {
        if (call.Seal is not null)
        {
            WriteThinking(json, "", call.Seal, context);
        }

        json.WriteStartObject();
        json.WriteString("type"u8, "tool_use"u8);
        json.WriteString("id"u8, MessagesIds.Call(call.Id, number, context));
        json.WriteString("name"u8, call.Name);
        ToolInput.Write(json, call);
        json.WriteEndObject();
    }
}
