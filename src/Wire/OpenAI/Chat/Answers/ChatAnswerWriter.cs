using System.Buffers;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Answers;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.OpenAI.Chat.Answers;

/// <summary>Writes a whole answer. The nulls are those that the API always sends.</summary>
internal static class ChatAnswerWriter
{
    public static void Write(ModelAnswer answer, AnswerContext context, IBufferWriter<byte> output)
    {
        using var json = JsonOut.NewWriter(output);
        json.WriteStartObject();
        WriteHead(json, "chat.completion"u8, answer.Id, answer.Model, answer.Created, context);
        json.WriteStartArray("choices"u8);
        var number = 0;
        foreach (var choice in answer.Choices)
        {
            WriteChoice(json, choice, number, context);
            number += choice.Parts.Count;
        }

        json.WriteEndArray();
        if (answer.Usage is { } usage)
        {
            ChatUsage.Write(json, usage);
        }

        json.WriteEndObject();
    }

    /// <summary>What answers and chunks begin with.</summary>
    public static void WriteHead(Utf8JsonWriter json, ReadOnlySpan<byte> kind, string id, string model, long created, AnswerContext context)
    {
        json.WriteString("id"u8, ChatIds.Answer(id, context.Seed));
        json.WriteString("object"u8, kind);
        json.WriteNumber("created"u8, created > 0 ? created : context.Now);
        json.WriteString("model"u8, model.Length > 0 ? model : context.Request.Model);
    }

    /// <summary>The place where Gemini's own Chat endpoint keeps the signature of a call.</summary>
    public static void WriteCallSeal(Utf8JsonWriter json, Seal seal)
    {
        json.WriteStartObject("extra_content"u8);
        json.WriteStartObject("google"u8);
        json.WriteString("thought_signature"u8, seal.For(WireProtocol.Gemini));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter json, AnswerChoice choice, int firstPart, AnswerContext context)
    {
        var refusals = choice.Parts.OfType<RefusalPart>().ToList();
        json.WriteStartObject();
        json.WriteNumber("index"u8, choice.Index);
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        WriteText(json, "content"u8, choice.Parts.OfType<TextPart>().Select(p => p.Text).ToList());
        WriteText(json, "refusal"u8, refusals.ConvertAll(p => p.Text));
        ChatReasoning.Write(json, [.. choice.Parts.OfType<ReasoningPart>()], seal => Marked(seal, context).For(WireProtocol.Chat));
        WriteCalls(json, choice, firstPart, context);
        json.WriteEndObject();
        json.WriteNull("logprobs"u8);
        json.WriteString("finish_reason"u8, ChatFinish.Write(choice.Finish, refusals.Count > 0));
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, List<string> texts)
    {
        if (texts.Count == 0)
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteString(name, string.Concat(texts));
        }
    }

    private static void WriteCalls(Utf8JsonWriter json, AnswerChoice choice, int firstPart, AnswerContext context)
    {
        if (!choice.Parts.Any(p => p is ToolCallPart))
        {
            return;
        }

        json.WriteStartArray("tool_calls"u8);
        for (var i = 0; i < choice.Parts.Count; i++)
        {
            if (choice.Parts[i] is ToolCallPart call)
            {
                var isWrapped = !call.IsCustom && CustomInput.IsExpected(context.Request, call.Name);
                WriteCall(json, call with
                {
                    Id = ChatIds.Call(call.Id, context.Seed, firstPart + i),
                    IsCustom = call.IsCustom || isWrapped,
                    Arguments = isWrapped ? CustomInput.Unwrap(call.Arguments) : call.Arguments,
                    Seal = call.Seal is { } seal ? Marked(seal, context) : null,
                });
            }
        }

        json.WriteEndArray();
    }

    /// <summary>One element of <c>tool_calls</c>, in answers and in requests.</summary>
    public static void WriteCall(Utf8JsonWriter json, ToolCallPart call)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, call.Id);
        json.WriteString("type"u8, call.IsCustom ? "custom"u8 : "function"u8);
        json.WriteStartObject(call.IsCustom ? "custom"u8 : "function"u8);
        json.WriteString("name"u8, call.Name);
        json.WriteString(call.IsCustom ? "input"u8 : "arguments"u8, call.Arguments);
        json.WriteEndObject();
        if (call.Seal is { } seal)
        {
            WriteCallSeal(json, seal);
        }

        json.WriteEndObject();
    }

    private static Seal Marked(Seal seal, AnswerContext context) => seal.Provider is null ? seal with { Provider = context.Provider } : seal;
}
