using System.Buffers;
using System.Text.Json;
using AIHigress.MockUpstream.Answering;

namespace AIHigress.MockUpstream.OpenAI;

/// <summary>What OpenAI refuses in messages: unknown roles and parts, and tool results that answer no call.</summary>
internal static class ChatCheck
{
    private static readonly HashSet<string> Roles = ["system", "developer", "user", "assistant", "tool", "function"];
    private static readonly HashSet<string> Parts = ["text", "image_url", "input_audio", "file", "refusal"];

    /// <summary>The first defect; null if there is none.</summary>
    public static MockError? Defect(in ReadOnlySequence<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var unanswered = new HashSet<string>(StringComparer.Ordinal);
        var i = 0;
        foreach (var message in document.RootElement.List("messages"))
        {
            if ((Shape(message, i) ?? Calls(message, i, unanswered)) is { } defect)
            {
                return defect;
            }

            i++;
        }

        return unanswered.Count == 0 ? null : Unanswered(unanswered, i);
    }

    private static MockError? Shape(JsonElement message, int i)
    {
        if (message.Text("role") is not { } role || !Roles.Contains(role))
        {
            return Invalid($"messages[{i}].role", $"'{message.Text("role")}' is no role.");
        }

        var unknown = message.List("content").Select(part => part.Text("type") ?? "").FirstOrDefault(type => !Parts.Contains(type));
        if (unknown is not null)
        {
            return Invalid($"messages[{i}].content", $"'{unknown}' is no content part.");
        }

        var mayBeEmpty = role == "assistant" && (message.List("tool_calls").Count > 0 || message.Get("refusal") is not null || message.Get("function_call") is not null);
        return message.Get("content")?.ValueKind switch
        {
            JsonValueKind.String or JsonValueKind.Array => null,
            null when mayBeEmpty => null,
            _ => Invalid($"messages[{i}].content", "A string or an array of content parts is expected."),
        };
    }

    private static MockError? Calls(JsonElement message, int i, HashSet<string> unanswered)
    {
        if (message.Text("role") == "tool")
        {
            return message.Text("tool_call_id") is { } id && unanswered.Remove(id)
                ? null
                : Invalid($"messages[{i}].role", "A message with role 'tool' must answer a tool call of the assistant's message before it.");
        }

        if (unanswered.Count > 0)
        {
            return Unanswered(unanswered, i);
        }

        foreach (var call in message.List("tool_calls"))
        {
            if (call.Text("id") is not { } id || (call.Get("function")?.Text("name") ?? call.Get("custom")?.Text("name")) is null)
            {
                return Invalid($"messages[{i}].tool_calls", "A tool call needs an id and a name.");
            }

            if (call.Get("function") is { } function && function.Text("arguments") is null)
            {
                return Invalid($"messages[{i}].tool_calls", "The arguments of a tool call are a string.");
            }

            unanswered.Add(id);
        }

        return null;
    }

    private static MockError Unanswered(HashSet<string> ids, int i) => Invalid(
        $"messages[{i}].role", $"An assistant message with 'tool_calls' must be followed by tool messages for each of them: {string.Join(", ", ids)}.");

    private static MockError Invalid(string param, string message) => new(400, message) { Code = "invalid_value", Param = param };
}
