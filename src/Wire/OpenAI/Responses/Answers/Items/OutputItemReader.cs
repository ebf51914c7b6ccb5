using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.OpenAI.Responses.Answers.Items;

/// <summary>Reads output items of an upstream. What is missing or of a wrong type is taken for absent.</summary>
internal static class OutputItemReader
{
    /// <summary>The parts of an item; none for items of hosted tools.</summary>
    /// <param name="callSeals">Takes seals that belong to calls, by call id.</param>
    public static List<Part> Read(JsonElement item, Dictionary<string, Seal> callSeals) => Text(item, "type") switch
    {
        "message" => [.. Elements(item, "content").Select(ReadContent).OfType<Part>()],
        "reasoning" => ReadReasoning(item, callSeals) is { } thoughts ? [thoughts] : [],
        "function_call" or "custom_tool_call" or "local_shell_call" => [ReadCall(item)],
        _ => [],
    };

    public static ToolCallPart ReadCall(JsonElement item)
    {
        var type = Text(item, "type");
        var id = Clean(Text(item, "call_id") ?? Text(item, "id") ?? "");
        if (type == "local_shell_call")
        {
            var action = item.TryGetProperty("action", out var value) && value.ValueKind == JsonValueKind.Object ? LocalShell.Arguments(value) : "{}";
            return new ToolCallPart(id, LocalShell.Name, action);
        }

        var name = Clean(ToolNames.Join(Text(item, "namespace"), Text(item, "name") ?? ""));
        return type == "custom_tool_call"
            ? new ToolCallPart(id, name, Text(item, "input") ?? "") { IsCustom = true }
            : new ToolCallPart(id, name, Text(item, "arguments") ?? "");
    }

    /// <summary>Null when the item carries a call's seal, which it then has given.</summary>
    public static ReasoningPart? ReadReasoning(JsonElement item, Dictionary<string, Seal> callSeals)
    {
        var seal = Text(item, "encrypted_content") is { Length: > 0 } sealedText ? Seal.From(WireProtocol.Responses, sealedText) : null;
        if (seal is not null && ItemSeal.TryReadCall(seal, out var callId, out var callSeal))
        {
            callSeals[callId] = callSeal;
            return null;
        }

        var text = Thoughts(item, "content");
        text = text.Length > 0 ? text : Thoughts(item, "summary");
        var isRedacted = ItemSeal.TryReadRedacted(ref seal);
        return new ReasoningPart(isRedacted ? "" : text) { Seal = seal, IsRedacted = isRedacted, Id = Text(item, "id") is { Length: > 0 } id ? Clean(id) : null };
    }

    public static string? Text(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? JsonTree.Text(value) : null;

    public static IEnumerable<JsonElement> Elements(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];

    /// <summary>Ids and names end up in headers and logs.</summary>
    public static string Clean(string text) => text.Any(char.IsControl) ? string.Concat(text.Where(c => !char.IsControl(c))) : text;

    private static Part? ReadContent(JsonElement part) => Text(part, "type") switch
    {
        "output_text" or "text" => new TextPart(Text(part, "text") ?? ""),
        "refusal" => new RefusalPart(Text(part, "refusal") ?? ""),
        _ => null,
    };

    private static string Thoughts(JsonElement item, string name) =>
        string.Join("\n\n", Elements(item, name).Select(e => Text(e, "text")).Where(t => !string.IsNullOrEmpty(t)));
}
