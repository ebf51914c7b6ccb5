using System.Text.Json;
using AIHigress.MockUpstream.Answering;

namespace AIHigress.MockUpstream.Anthropic;

/// <summary>A Messages request that Anthropic would accept.</summary>
internal sealed record MessagesRequest(string Model, bool Stream, Question Question)
{
    private static readonly ForeignFields Foreign = new(
        "messages", "max_tokens", "system", "stop_sequences", "thinking", "top_k", "output_config", "mcp_servers");

    /// <exception cref="RequestRefusedException">Something is missing or wrong.</exception>
    public static MessagesRequest Read(JsonElement body)
    {
        var model = Common(body);
        var most = body.Number("max_tokens") ?? throw new RequestRefusedException(400, "max_tokens: Field required");
        Demand(most >= 0, "max_tokens: Input should be greater than or equal to 0");
        CheckThinking(body, most);
        return new MessagesRequest(model, body.Flag("stream"), Ask(body) with { MaxTokens = most });
    }

    /// <summary>The same for counting, which needs no <c>max_tokens</c>.</summary>
    /// <exception cref="RequestRefusedException">Something is missing or wrong.</exception>
    public static MessagesRequest ReadForCounting(JsonElement body) => new(Common(body), Stream: false, Ask(body));

    private static string Common(JsonElement body)
    {
        var model = body.Text("model") ?? throw new RequestRefusedException(400, "model: Field required");
        Demand(Foreign.FirstIn(body) is not { } foreign, $"{Foreign.FirstIn(body)}: Extra inputs are not permitted");
        Demand(body.Get("messages") is { ValueKind: JsonValueKind.Array }, "messages: Field required");
        MessagesCheck.Check(body.List("messages"));
        CheckSystem(body);
        CheckTools(body);
        return model;
    }

    private static Question Ask(JsonElement body)
    {
        var messages = body.List("messages");
        return new Question
        {
            Tools = [.. body.List("tools").Select(tool => tool.Text("name")).OfType<string>().Select(name => new OfferedTool(name))],
            EndsWithToolResult = HasResult(messages[^1]),
            HasToolResult = messages.Any(HasResult),
            StopSequences = body.Texts("stop_sequences"),
            PromptTokens = Incoming.Tokens(body.GetProperty("messages")),
        };
    }

    private static bool HasResult(JsonElement message) => message.List("content").Any(block => block.Text("type") == "tool_result");

    private static void CheckSystem(JsonElement body)
    {
        var texts = body.List("system");
        Demand(body.Get("system") is null or { ValueKind: JsonValueKind.String or JsonValueKind.Array }, "system: Input should be a valid string or array");
        Demand(texts.All(block => block.Text("type") == "text" && block.Text("text") is not null), "system: Input should be text blocks");
    }

    private static void CheckTools(JsonElement body)
    {
        foreach (var tool in body.List("tools"))
        {
            Demand(tool.Text("name") is { Length: > 0 } || tool.Text("type") == "mcp_toolset", "tools: name: Field required");
            Demand(
                tool.Text("type") is not (null or "custom") || tool.Get("input_schema") is { ValueKind: JsonValueKind.Object },
                $"tools.{tool.Text("name")}.input_schema: Field required");
        }

        if (body.Get("tool_choice") is { } choice)
        {
            Demand(choice.Text("type") is "auto" or "any" or "none" or "tool", "tool_choice: Input tag found using 'type' does not match any of the expected tags: 'any', 'auto', 'none', 'tool'");
            Demand(choice.Text("type") is "none" || body.List("tools").Count > 0, "tool_choice may only be specified while providing tools.");
        }
    }

    private static void CheckThinking(JsonElement body, int most)
    {
        if (body.Get("thinking") is not { } thinking)
        {
            return;
        }

        Demand(thinking.Text("type") is "enabled" or "disabled" or "adaptive" or "between_tools", "thinking: Input tag found using 'type' does not match any of the expected tags");
        if (thinking.Text("type") == "enabled")
        {
            var budget = thinking.Number("budget_tokens") ?? 0;
            Demand(budget >= 1024, "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024");
            Demand(budget < most, "`max_tokens` must be greater than `thinking.budget_tokens`.");
        }
    }

    private static void Demand(bool met, string message)
    {
        if (!met)
        {
            throw new RequestRefusedException(400, message);
        }
    }
}
