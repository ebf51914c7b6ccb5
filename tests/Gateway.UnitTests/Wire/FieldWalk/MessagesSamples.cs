namespace AIHigress.Gateway.UnitTests.Wire.FieldWalk;

/// <summary>A request for every field of Anthropic's Messages.</summary>
internal static class MessagesSamples
{
    public static IEnumerable<FieldSample> All => [.. Root, .. Thinking, .. Output, .. Tools, .. Choices, .. MessagesContentSamples.All];

    private static IEnumerable<FieldSample> Root =>
    [
        new("model", """{"model":"mark-model","max_tokens":9,"messages":[{"role":"user","content":"hi"}]}""", "mark-model") { Gemini = "" },
        new("max_tokens", """{"model":"m","max_tokens":7331,"messages":[{"role":"user","content":"hi"}]}""", "7331"),
        With("stream", "true", "\"stream\":true") with { Gemini = "" },
        With("temperature", "0.375", "0.375"),
        With("top_p", "0.125", "0.125"),
        With("top_k", "4711", "4711"),
        With("stop_sequences", "[\"mark-stop\"]", "mark-stop"),
        new("metadata.user_id", Body("\"metadata\":{\"user_id\":\"mark-user\"}"), "mark-user"),
        With("service_tier", "\"standard_only\"", "standard_only"),
        With("system", "\"mark-system\"", "mark-system"),
        Text("system[text]", "type", SystemBody),
        Text("system[text]", "text", SystemBody),
        Text("system[text]", "cache_control", SystemBody),
        Text("system[text]", "citations", SystemBody),
        With("cache_control", "{\"type\":\"ephemeral\",\"ttl\":\"1h\"}", "ephemeral"),
        With("betas", "[\"mark-beta\"]", "mark-beta"),
        With("billing_policy", "{\"type\":\"mark-policy\"}", "mark-policy"),
        With("container", "{\"id\":\"mark-container\"}", "mark-container"),
        With("context_management", "{\"edits\":[{\"type\":\"clear_tool_uses_20250919\"}]}", "clear_tool_uses"),
        With("diagnostics", "{\"previous_message_id\":\"mark-id\"}", "mark-id"),
        With("fallbacks", "[{\"model\":\"mark-fallback\"}]", "mark-fallback"),
        With("fallback_credit_token", "\"mark-token\"", "mark-token"),
        With("inference_geo", "\"mark-geo\"", "mark-geo"),
        With("mcp_servers", "[{\"type\":\"url\",\"name\":\"mark-server\",\"url\":\"https://mcp.example\"}]", "mark-server"),
        With("speed", "\"fast\"", "\"fast\""),
        With("user_profile_id", "\"mark-profile\"", "mark-profile"),
        With("workspace_id", "\"mark-workspace\"", "mark-workspace"),
        With("compaction", "{\"type\":\"summarize\"}", "summarize"),
        new("thread[create]", Body("\"thread\":{\"type\":\"create\"}"), "thread"),
        new("thread[continue]", Body("\"thread\":{\"type\":\"continue\",\"previous_message_id\":\"mark-id\"}"), "mark-id"),
    ];

    private static IEnumerable<FieldSample> Thinking =>
    [
        Thought("enabled", "type", "\"budget_tokens\":16384", "16384") with { Chat = "\"high\"", Responses = "\"high\"" },
        Thought("enabled", "budget_tokens", "\"budget_tokens\":16384", "16384") with { Chat = "\"high\"", Responses = "\"high\"" },
        Thought("enabled", "display", "\"budget_tokens\":16384,\"display\":\"summarized\"", "summarized") with { Responses = "\"auto\"", Gemini = "\"includeThoughts\":true" },
        Thought("enabled", "block_binding", "\"budget_tokens\":16384,\"block_binding\":{\"prefix_mismatch_behavior\":\"mark\"}", "mark"),
        Thought("adaptive", "type", "\"display\":null", "adaptive") with { Responses = "\"medium\"", Gemini = "-1" },
        Thought("adaptive", "display", "\"display\":\"summarized\"", "summarized") with { Responses = "\"auto\"", Gemini = "\"includeThoughts\":true" },
        Thought("adaptive", "block_binding", "\"block_binding\":{\"prefix_mismatch_behavior\":\"mark\"}", "mark"),
        Thought("between_tools", "type", "\"display\":null", "between") with { Responses = "\"medium\"", Gemini = "-1" },
        Thought("disabled", "type", "\"display\":null", "\"none\"") with { Gemini = "\"thinkingBudget\":0" },
    ];

    private static IEnumerable<FieldSample> Output =>
    [
        new("output_config.effort", Body("\"output_config\":{\"effort\":\"low\"}"), "\"low\"") { Gemini = "1024" },
        Format("output_config", "type"),
        Format("output_config", "schema"),
        new("output_config.task_budget", Body("\"output_config\":{\"task_budget\":{\"type\":\"tokens\",\"total\":4242}}"), "4242"),
        Format("output_format", "type"),
        Format("output_format", "schema"),
    ];

    private static IEnumerable<FieldSample> Tools =>
    [
        .. Function("tools[]", ""),
        new("tools[custom].type", ToolBody("\"type\":\"custom\",", ""), ""),
        .. Function("tools[custom]", "\"type\":\"custom\","),
        new("tools[*]", Body("\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"mark-search\"}]"), "mark-search"),
    ];

    private static IEnumerable<FieldSample> Choices =>
    [
        Choice("auto", "type", "\"auto\"") with { Gemini = "AUTO" },
        Parallel("auto"),
        Choice("any", "type", "\"required\"") with { Gemini = "ANY" },
        Parallel("any"),
        Choice("tool", "type", "") with { Gemini = "ANY" },
        Choice("tool", "name", "") with { Gemini = "allowedFunctionNames" },
        new("tool_choice[tool].name[*]", Body("\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"mark-search\"}],\"tool_choice\":{\"type\":\"tool\",\"name\":\"mark-search\"}"), "mark-search"),
        Parallel("tool"),
        Choice("none", "type", "\"none\"") with { Gemini = "NONE" },
    ];

    public static string Body(string member) => $$"""{"model":"m","max_tokens":99,"messages":[{"role":"user","content":"hi"}],{{member}}}""";

    /// <summary>The members of a text block, all of them marked.</summary>
    public static FieldSample Text(string block, string member, Func<string, string> body)
    {
        var extra = member is "type" or "text" ? "" : member == "citations"
            ? ",\"citations\":[{\"type\":\"char_location\",\"cited_text\":\"mark-cited\"}]"
            : ",\"cache_control\":{\"type\":\"ephemeral\"}";
        var marker = member switch
        {
            "citations" => "mark-cited",
            "cache_control" => "ephemeral",
            _ => "mark-text",
        };
        return new FieldSample($"{block}.{member}", body($$"""{"type":"text","text":"mark-text"{{extra}}}"""), marker);
    }

    private static string SystemBody(string block) => Body($"\"system\":[{block}]");

    private static FieldSample With(string name, string value, string marker) => new(name, Body($"\"{name}\":{value}"), marker);

    private static FieldSample Thought(string type, string member, string members, string marker) =>
        new($"thinking[{type}].{member}", Body($$"""
            "thinking":{"type":"{{type}}",{{members}}}
            """), marker);

    private static FieldSample Format(string name, string member)
    {
        const string Format = """{"type":"json_schema","schema":{"type":"object","title":"mark-schema"}}""";
        var path = name == "output_config" ? "output_config.format[json_schema]" : "output_format[json_schema]";
        return new FieldSample($"{path}.{member}", Body(name == "output_config" ? $"\"output_config\":{{\"format\":{Format}}}" : $"\"output_format\":{Format}"), "mark-schema");
    }

    private static string ToolBody(string type, string extra)
    {
        const string Function = """
            "name":"mark-name","description":"mark-description","input_schema":{"type":"object","title":"mark-schema"}
            """;
        return Body("\"tools\":[{" + type + Function + extra + "}]");
    }

    private static IEnumerable<FieldSample> Function(string tool, string type) =>
    [
        new($"{tool}.name", ToolBody(type, ""), "mark-name"),
        new($"{tool}.description", ToolBody(type, ""), "mark-description"),
        new($"{tool}.input_schema", ToolBody(type, ""), "mark-schema"),
        new($"{tool}.strict", ToolBody(type, ",\"strict\":true"), "\"strict\":true"),
        new($"{tool}.cache_control", ToolBody(type, ",\"cache_control\":{\"type\":\"ephemeral\"}"), "ephemeral"),
        new($"{tool}.allowed_callers", ToolBody(type, ",\"allowed_callers\":[\"mark-caller\"]"), "mark-caller"),
        new($"{tool}.defer_loading", ToolBody(type, ",\"defer_loading\":true"), "defer_loading"),
        new($"{tool}.eager_input_streaming", ToolBody(type, ",\"eager_input_streaming\":true"), "eager_input"),
        new($"{tool}.input_examples", ToolBody(type, ",\"input_examples\":[{\"x\":\"mark-example\"}]"), "mark-example"),
    ];

    private static FieldSample Choice(string type, string member, string marker) => new($"tool_choice[{type}].{member}", ChoiceBody(type, ""), marker);

    private static FieldSample Parallel(string type) =>
        new($"tool_choice[{type}].disable_parallel_tool_use", ChoiceBody(type, ",\"disable_parallel_tool_use\":true"), "\"parallel_tool_calls\":false") { Gemini = "arallel" };

    private static string ChoiceBody(string type, string extra)
    {
        const string Offer = """
            "tools":[{"name":"f","input_schema":{"type":"object"}}],"tool_choice":{"type":
            """;
        var name = type == "tool" ? ",\"name\":\"f\"" : "";
        return Body($"{Offer}\"{type}\"{name}{extra}}}");
    }
}
