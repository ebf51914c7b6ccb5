using System.Text.Json;
using AIHigress.MockUpstream.Answering;

namespace AIHigress.MockUpstream.Anthropic;

/// <summary>What Anthropic refuses in messages: unknown roles and blocks, tool calls and results that do not pair.</summary>
internal sealed class MessagesCheck
{
    private static readonly HashSet<string> BlockTypes =
    [
        "text", "image", "document", "search_result", "thinking", "redacted_thinking", "tool_use", "tool_result", "server_tool_use",
        "web_search_tool_result", "web_fetch_tool_result", "code_execution_tool_result", "bash_code_execution_tool_result",
        "text_editor_code_execution_tool_result", "tool_search_tool_result", "mcp_tool_use", "mcp_tool_result", "container_upload", "compaction",
    ];

    private readonly HashSet<string> _unanswered = new(StringComparer.Ordinal);
    private string? _role;
    private bool _resultsMayCome;

    /// <exception cref="RequestRefusedException">They break a rule.</exception>
    public static void Check(IReadOnlyList<JsonElement> messages)
    {
        Demand(messages.Count > 0, "messages: at least one message is required");
        var check = new MessagesCheck();
        for (var i = 0; i < messages.Count; i++)
        {
            check.Message(messages[i], $"messages.{i}");
        }

        check.AllAnswered($"messages.{messages.Count - 1}");
    }

    /// <summary>Messages of one role in a row count as one.</summary>
    private void Message(JsonElement message, string at)
    {
        var role = message.Text("role");
        if (role == "system")
        {
            // Only what was said before can be amended so; a first one is another protocol's.
            Demand(_role is not null, $"{at}.role: The first message may not have the role 'system'; use the top-level `system` parameter");
            Demand(message.Get("content") is { ValueKind: JsonValueKind.String or JsonValueKind.Array }, $"{at}.content: Field required");
            return;
        }

        Demand(role is "user" or "assistant", $"{at}.role: Input should be 'user' or 'assistant'");
        if (role != _role)
        {
            _resultsMayCome = role == "user";
        }

        _role = role;
        switch (message.Get("content"))
        {
            case { ValueKind: JsonValueKind.String } text:
                Demand(role == "assistant" || text.GetString()!.Length > 0, $"{at}: user messages must have non-empty content");
                Ordinary(at);
                break;
            case { ValueKind: JsonValueKind.Array } blocks:
                Demand(blocks.GetArrayLength() > 0 || role == "assistant", $"{at}: user messages must have non-empty content");
                var j = 0;
                foreach (var block in blocks.EnumerateArray())
                {
                    Block(block, at, $"{at}.content.{j++}");
                }

                break;
            default:
                throw new RequestRefusedException(400, $"{at}.content: Field required");
        }
    }

    private void Block(JsonElement block, string message, string at)
    {
        var type = block.Text("type") ?? "";
        Demand(BlockTypes.Contains(type), $"{at}: Input tag '{type}' found using 'type' does not match any of the expected tags");
        if (type == "tool_result")
        {
            Result(block, at);
            return;
        }

        Ordinary(message);
        switch (type)
        {
            case "text":
                Demand(block.Text("text") is not null, $"{at}.text.text: Field required");
                Demand(block.Text("text")!.Length > 0, "messages: text content blocks must be non-empty");
                break;
            case "thinking":
                Demand(_role == "assistant", $"{at}: `thinking` blocks may only be in `assistant` messages");
                Demand(block.Text("thinking") is not null, $"{at}.thinking.thinking: Field required");
                Demand(Signatures.IsOne(block.Text("signature")), $"{at}: Invalid `signature` in `thinking` block");
                break;
            case "tool_use":
                Use(block, at);
                break;
            case "image" or "document":
                Demand(block.Get("source")?.Text("type") is "base64" or "url" or "file" or "text" or "content", $"{at}.{type}.source: Field required");
                break;
        }
    }

    private void Use(JsonElement block, string at)
    {
        var id = block.Text("id") ?? "";
        Demand(_role == "assistant", $"{at}: `tool_use` blocks can only be in `assistant` messages");
        Demand(id.Length > 0 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'), $"{at}.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'");
        Demand(block.Text("name") is { Length: > 0 }, $"{at}.tool_use.name: Field required");
        Demand(block.Get("input") is { ValueKind: JsonValueKind.Object }, $"{at}.tool_use.input: Input should be a valid dictionary");
        Demand(_unanswered.Add(id), "messages: `tool_use` ids must be unique");
    }

    private void Result(JsonElement block, string at)
    {
        Demand(_role == "user", $"{at}: `tool_result` blocks can only be in `user` messages");
        Demand(
            _resultsMayCome && block.Text("tool_use_id") is { } id && _unanswered.Remove(id),
            $"{at}: unexpected `tool_use_id` found in `tool_result` blocks: {block.Text("tool_use_id")}. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.");
        Demand(
            block.Get("content") is null or { ValueKind: JsonValueKind.String or JsonValueKind.Array },
            $"{at}.tool_result.content: Input should be a valid string or array");
        foreach (var part in block.List("content"))
        {
            Demand(
                part.Text("type") is "text" or "image" or "document" or "search_result" or "tool_reference" or "browser_state",
                $"{at}.tool_result.content: Input tag '{part.Text("type")}' found using 'type' does not match any of the expected tags");
        }
    }

    /// <summary>Anything that is no tool result: in a user's message the results must have come by now.</summary>
    private void Ordinary(string message)
    {
        if (_role == "user")
        {
            _resultsMayCome = false;
            AllAnswered(message);
        }
    }

    private void AllAnswered(string message) => Demand(
        _unanswered.Count == 0,
        $"{message}: `tool_use` ids were found without `tool_result` blocks immediately after: {string.Join(", ", _unanswered)}");

    private static void Demand(bool met, string message)
    {
        if (!met)
        {
            throw new RequestRefusedException(400, message);
        }
    }
}
