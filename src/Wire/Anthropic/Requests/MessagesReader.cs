using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Wire.Anthropic.Requests;

/// <summary>Reads <c>messages</c>.</summary>
internal static class MessagesReader
{
    public static IReadOnlyList<Message> Read(JsonFields root)
    {
        if (!root.Has("messages"))
        {
            throw root.Missing("messages");
        }

        var messages = new List<Message>();
        var count = 0;
        foreach (var (value, path) in root.Elements("messages"))
        {
            count++;
            if (ReadMessage(new JsonFields(value, path)) is { } message)
            {
                messages.Add(message);
            }
        }

        return count > 0 ? messages : throw root.Bad("messages", "must hold at least one message");
    }

    /// <summary>Null for a message of which nothing is left: only its maker could read it.</summary>
    private static Message? ReadMessage(JsonFields fields)
    {
        var role = fields.RequireText("role") switch
        {
            "user" => Role.User,
            "assistant" => Role.Assistant,
            "system" => Role.System,
            _ => throw fields.Bad("role", "must be user, assistant or system"),
        };
        if (fields.Get("content") is not { } content)
        {
            // A system message may carry nothing but settings.
            return role == Role.System ? null : throw fields.Missing("content");
        }

        List<Part> parts = content.ValueKind switch
        {
            JsonValueKind.String => [new TextPart(JsonTree.Text(content))],
            JsonValueKind.Array => ReadBlocks(fields, role),
            _ => throw fields.Wrong("content", "a string or an array", content),
        };
        return parts.Count == 0 ? null : new Message(role, parts);
    }

    private static List<Part> ReadBlocks(JsonFields fields, Role role)
    {
        var parts = new List<Part>();
        foreach (var (value, path) in fields.Elements("content"))
        {
            var block = new JsonFields(value, path);
            if (role == Role.Assistant)
            {
                AssistantBlocks.Read(block, parts);
            }
            else
            {
                UserBlocks.Read(block, role, parts);
            }
        }

        return role == Role.User ? ResultsFirst(parts) : parts;
    }

    private static List<Part> ResultsFirst(List<Part> parts)
    {
        var isSorted = parts.FindLastIndex(p => p is ToolResultPart) < (parts.FindIndex(p => p is not ToolResultPart) is var other and >= 0 ? other : parts.Count);
        return isSorted ? parts : [.. parts.Where(p => p is ToolResultPart), .. parts.Where(p => p is not ToolResultPart)];
    }
}
