using System.Buffers;
using System.Text;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Gemini.Answers;

/// <summary>Writes whole answers.</summary>
internal static class GeminiAnswerWriter
{
    public static void Write(ModelAnswer answer, AnswerContext context, IBufferWriter<byte> output)
    {
        using var json = JsonOut.NewWriter(output);
        json.WriteStartObject();
        json.WriteStartArray("candidates"u8);
        var number = 0;
        foreach (var choice in answer.Choices)
        {
            json.WriteStartObject();
            json.WriteStartObject("content"u8);
            json.WriteStartArray("parts"u8);
            foreach (var part in choice.Parts)
            {
                WritePart(json, part, new PartStart(number++, choice.Index, AnswerPartKind.ToolCall), context);
            }

            json.WriteEndArray();
            json.WriteString("role"u8, "model"u8);
            json.WriteEndObject();
            json.WriteString("finishReason"u8, GeminiFinish.Write(choice.Finish));
            json.WriteNumber("index"u8, choice.Index);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (answer.Usage is { } usage)
        {
            GeminiUsage.Write(json, usage);
        }

        GeminiAnswerParts.WriteHead(json, new AnswerStart(answer.Id, answer.Model, answer.Created), context);
        json.WriteEndObject();
    }

    private static void WritePart(Utf8JsonWriter json, Part part, PartStart head, AnswerContext context)
    {
        switch (part)
        {
            case TextPart { Text: var text }:
                GeminiAnswerParts.WriteText(json, Encoding.UTF8.GetBytes(text), isThought: false);
                break;
            case RefusalPart { Text: var text }:
                GeminiAnswerParts.WriteText(json, Encoding.UTF8.GetBytes(text), isThought: false);
                break;
            case ReasoningPart reasoning:
                WriteReasoning(json, reasoning, context);
                break;
            case ToolCallPart call:
                head = head with { Id = call.Id, Name = call.Name, IsCustom = call.IsCustom };
                GeminiAnswerParts.WriteCall(json, head, Encoding.UTF8.GetBytes(call.Arguments), call.Seal, context);
                break;
            default:
                throw new ArgumentException($"An answer has no part of type {part.GetType().Name}.", nameof(part));
        }
    }

    private static void WriteReasoning(Utf8JsonWriter json, ReasoningPart reasoning, AnswerContext context)
    {
        if (reasoning.Text.Length > 0)
        {
            GeminiAnswerParts.WriteText(json, Encoding.UTF8.GetBytes(reasoning.Text), isThought: true);
        }

        if (reasoning.Seal is { } seal)
        {
            GeminiAnswerParts.WriteSignature(json, seal, reasoning.Text.Length > 0 || reasoning.IsRedacted, context);
        }
    }
}
