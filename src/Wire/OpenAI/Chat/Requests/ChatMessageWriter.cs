using System.Text.Json;
using AIHigress.Wire.OpenAI.Chat.Answers;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.OpenAI.Chat.Requests;

/// <summary>
/// Writes <c>messages</c>. Texts of one message are one string wherever they can be: many servers take arrays only from users. What a tool
/// answered besides text follows in the next message of the user.
/// </summary>
internal sealed class ChatMessageWriter(Utf8JsonWriter json, RequestTarget target)
{
    private const string Between = "\n\n";

    private readonly bool _takesCustom = ChatUpstream.TakesCustomTools(target.Model);

    public void Write(ModelRequest request)
    {
        json.WriteStartArray("messages"u8);
        if (request.System.Count > 0)
        {
            WriteText("system"u8, Join(request.System));
        }

        var messages = JoinCalls(request.Messages);
        var lastSaid = LastSaid(messages);
        for (var i = 0; i < messages.Count; i++)
        {
            var message = messages[i];
            switch (message.Role)
            {
                case Role.System:
                    WriteText("system"u8, Join(message.Parts));
                    break;
                case Role.Assistant:
                    WriteAssistant(message.Parts, isInLoop: i > lastSaid);
                    break;
                default:
                    WriteUser(message.Parts);
                    break;
            }
        }

        json.WriteEndArray();
    }

    // Nothing may stand between calls and their results; clients that give back the pieces of a stream as they came (Gemini's) put more of
    // the same answer there.
    private static List<Message> JoinCalls(IReadOnlyList<Message> messages)
    {
        var joined = new List<Message>(messages.Count);
        foreach (var message in messages)
        {
            if (message.Role == Role.Assistant && joined.Count > 0 && joined[^1] is { Role: Role.Assistant } last && last.Parts.Any(p => p is ToolCallPart))
            {
                joined[^1] = last with { Parts = [.. last.Parts, .. message.Parts] };
            }
            else
            {
                joined.Add(message);
            }
        }

        return joined;
    }

    // Thoughts are wanted back only while the tools are still answering; before that, servers ignore or refuse them.
    private static int LastSaid(List<Message> messages)
    {
        for (var i = messages.Count - 1; i >= 0; i--)
        {
            if (messages[i].Role == Role.User && messages[i].Parts.Any(p => p is not ToolResultPart))
            {
                return i;
            }
        }

        return -1;
    }

    private void WriteAssistant(IReadOnlyList<Part> parts, bool isInLoop)
    {
        var calls = parts.OfType<ToolCallPart>().ToList();
        var refusals = parts.OfType<RefusalPart>().Select(p => p.Text).ToList();
        json.WriteStartObject();
        json.WriteString("role"u8, "assistant"u8);
        if (parts.Any(p => p is TextPart))
        {
            json.WriteString("content"u8, Join(parts));
        }
        else if (calls.Count == 0 && refusals.Count == 0)
        {
            json.WriteString("content"u8, ""u8);
        }

        if (refusals.Count > 0)
        {
            json.WriteString("refusal"u8, string.Concat(refusals));
        }

        if (calls.Count > 0)
        {
            if (isInLoop)
            {
                WriteThoughts(parts);
            }

            WriteCalls(calls);
        }

        json.WriteEndObject();
    }

    private void WriteThoughts(IReadOnlyList<Part> parts) => ChatReasoning.Write(
        json,
        [.. parts.OfType<ReasoningPart>().Where(p => p.Text.Length > 0 || IsReadable(p.Seal))],
        seal => IsReadable(seal) ? seal.Value : null);

    private bool IsReadable(Seal? seal) => seal?.IsReadableBy(WireProtocol.Chat, target.Provider) ?? false;

    private void WriteCalls(List<ToolCallPart> calls)
    {
        json.WriteStartArray("tool_calls"u8);
        foreach (var call in calls)
        {
            var isWrapped = call.IsCustom && !_takesCustom;
            ChatAnswerWriter.WriteCall(json, call with
            {
                Id = ChatIds.ForUpstream(call.Id),
                IsCustom = call.IsCustom && _takesCustom,
                Arguments = isWrapped ? ChatToolWriter.Wrap(call.Arguments) : call.Arguments,
                Seal = call.Seal is { } seal && seal.IsReadableBy(WireProtocol.Gemini, target.Provider) ? seal : null,
            });
        }

        json.WriteEndArray();
    }

    private void WriteUser(IReadOnlyList<Part> parts)
    {
        var moved = new List<Part>();
        foreach (var result in parts.OfType<ToolResultPart>())
        {
            WriteResult(result);
            var rest = result.Content.Where(p => !IsText(p)).ToList();
            if (rest.Count > 0)
            {
                moved.Add(new TextPart($"From the result of the tool call {ChatIds.ForUpstream(result.CallId)}:"));
                moved.AddRange(rest);
            }
        }

        var said = parts.Where(p => p is not ToolResultPart).ToList();
        if (moved.Count + said.Count > 0 || parts.Count == 0)
        {
            ChatPartWriter.WriteMessage(json, [.. moved, .. said]);
        }
    }

    private void WriteResult(ToolResultPart result)
    {
        var text = string.Join(Between, result.Content.Where(IsText).Select(TextOf));
        if (text.Length == 0 && result.Content.Any(p => !IsText(p)))
        {
            text = "The result follows in the next message.";
        }

        if (result.IsError && !text.StartsWith("error", StringComparison.OrdinalIgnoreCase))
        {
            text = $"Error: {text}";
        }

        json.WriteStartObject();
        json.WriteString("role"u8, "tool"u8);
        json.WriteString("tool_call_id"u8, ChatIds.ForUpstream(result.CallId));
        json.WriteString("content"u8, text);
        json.WriteEndObject();
    }

    private void WriteText(ReadOnlySpan<byte> role, string text)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, role);
        json.WriteString("content"u8, text);
        json.WriteEndObject();
    }

    private static bool IsText(Part part) => part is TextPart or FilePart { Source.IsText: true };

    private static string TextOf(Part part) => part is TextPart text ? text.Text : ((FilePart)part).Source.Data ?? "";

    private static string Join(IEnumerable<Part> parts) => string.Join(Between, parts.OfType<TextPart>().Select(p => p.Text));
}
