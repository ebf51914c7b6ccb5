namespace AIHigress.Gateway.UnitTests.Wire.FieldWalk;

/// <summary>A request for every field of Chat Completions.</summary>
internal static class ChatSamples
{
    public static IEnumerable<FieldSample> All => [.. Root, .. Thinking, .. Formats, .. Tools, .. Choices, .. ChatMessageSamples.All];

    private static IEnumerable<FieldSample> Root =>
    [
        new("model", """{"model":"mark-model","messages":[{"role":"user","content":"hi"}]}""", "\"model\"") { Gemini = "" },
        new("messages", """{"model":"m","messages":[{"role":"user","content":"mark-said"}]}""", "mark-said"),
        With("stream", "true", "\"stream\":true") with { Gemini = "" },
        new("stream_options", Body("\"stream\":true,\"stream_options\":{\"include_usage\":true}"), ""),
        With("max_tokens", "7331", "7331"),
        With("max_completion_tokens", "7331", "7331"),
        With("temperature", "0.375", "0.375"),
        With("top_p", "0.125", "0.125"),
        With("top_k", "4711", "4711"),
        With("presence_penalty", "0.625", "0.625"),
        With("frequency_penalty", "0.875", "0.875"),
        With("seed", "90210", "90210"),
        With("stop", "[\"mark-stop\"]", "mark-stop"),
        With("n", "3", "\"n\":3") with { Gemini = "\"candidateCount\":3" },
        With("logit_bias", "{\"50256\":-77}", "50256"),
        With("logprobs", "true", "logprobs"),
        With("top_logprobs", "13", "top_logprobs"),
        With("reasoning_effort", "\"low\"", "\"low\"") with { Messages = "1024", Gemini = "1024" },
        With("verbosity", "\"low\"", "\"verbosity\":\"low\""),
        With("user", "\"mark-user\"", "mark-user"),
        With("safety_identifier", "\"mark-user\"", "mark-user"),
        With("metadata", "{\"k\":\"mark-pair\"}", "mark-pair"),
        With("service_tier", "\"flex\"", "\"flex\""),
        With("prompt_cache_key", "\"mark-key\"", "mark-key"),
        With("prompt_cache_retention", "\"24h\"", "24h"),
        With("prompt_cache_options", "{\"mode\":\"explicit\",\"ttl\":\"30m\"}", "30m"),
        With("moderation", "{\"model\":\"mark-moderation\"}", "mark-moderation"),
        With("store", "true", "\"store\":true"),
        With("prediction", "{\"type\":\"content\",\"content\":\"mark-prediction\"}", "mark-prediction"),
        With("modalities", "[\"text\",\"audio\"]", "modalities"),
        With("audio", "{\"voice\":\"mark-voice\",\"format\":\"mp3\"}", "mark-voice"),
        With("web_search_options", "{\"search_context_size\":\"low\"}", "search_context_size"),
    ];

    private static IEnumerable<FieldSample> Thinking =>
    [
        new("reasoning.effort", Body("\"reasoning\":{\"effort\":\"low\"}"), "\"low\"") { Messages = "1024", Gemini = "1024" },
        new("reasoning.max_tokens", Body("\"reasoning\":{\"max_tokens\":4096}"), "4096") { Chat = "\"medium\"", Responses = "\"medium\"", Messages = "\"budget_tokens\":4096" },
        new("reasoning.enabled", Body("\"reasoning\":{\"enabled\":true}"), "\"medium\"") { Messages = "\"budget_tokens\":4096", Gemini = "4096" },
        new("reasoning.exclude", Body("\"reasoning\":{\"effort\":\"low\",\"exclude\":true}"), "\"omitted\"") { Chat = "", Responses = "", Gemini = "\"includeThoughts\":false" },
        With("thinking", "{\"type\":\"enabled\"}", "thinking"),
        With("enable_thinking", "true", "thinking"),
        With("thinking_budget", "7331", "7331"),
        With("chat_template_kwargs", "{\"thinking\":\"mark-kwarg\"}", "mark-kwarg"),
    ];

    private static IEnumerable<FieldSample> Formats =>
    [
        new("response_format[text]", Body("\"response_format\":{\"type\":\"text\"}"), ""),
        new("response_format[json_object]", Body("\"response_format\":{\"type\":\"json_object\"}"), "json_object") { Gemini = "application/json" },
        Schema("type", "json_schema") with { Gemini = "responseJsonSchema" },
        Schema("json_schema.name", "mark_name"),
        Schema("json_schema.description", "mark-description"),
        Schema("json_schema.schema", "mark-member"),
        Schema("json_schema.strict", "\"strict\":true"),
        new("response_format[*]", Body("\"response_format\":{\"type\":\"mark-format\"}"), "mark-format"),
    ];

    private static IEnumerable<FieldSample> Tools =>
    [
        Function("type", "mark_tool"),
        Function("function.name", "mark_tool"),
        Function("function.description", "mark-description"),
        Function("function.parameters", "mark-parameter"),
        Function("function.strict", "\"strict\":true"),
        Function("cache_control", "ephemeral"),
        Custom("type", "mark_custom"),
        Custom("custom.name", "mark_custom"),
        Custom("custom.description", "mark-description"),
        Custom("custom.format", "mark-grammar"),
        new("tools[*]", Body("\"tools\":[{\"type\":\"mark_hosted\"}]"), "mark_hosted"),
        new("functions", Body("\"functions\":[{\"name\":\"mark_tool\"}]"), "mark_tool"),
    ];

    private static IEnumerable<FieldSample> Choices =>
    [
        Choice("tool_choice", "\"required\"", "\"required\"") with { Messages = "\"any\"", Gemini = "\"ANY\"" },
        Choice("tool_choice[function]", "{\"type\":\"function\",\"function\":{\"name\":\"mark_two\"}}", "\"tool_choice\":{") with { Gemini = "\"allowedFunctionNames\":[\"mark_two\"]" },
        new("tool_choice[custom]", Body("\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"mark_two\"}}],\"tool_choice\":{\"type\":\"custom\",\"custom\":{\"name\":\"mark_two\"}}"), "\"tool_choice\":{")
        {
            Gemini = "\"allowedFunctionNames\":[\"mark_two\"]",
        },
        Choice("tool_choice[allowed_tools]", "{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"required\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"mark_two\"}}]}}", "allowed_tools") with
        {
            Messages = "\"any\"",
            Gemini = "\"allowedFunctionNames\":[\"mark_two\"]",
        },
        Choice("tool_choice[*]", "{\"type\":\"mark_hosted\"}", "mark_hosted"),
        Choice("parallel_tool_calls", "false", "\"parallel_tool_calls\":false") with { Messages = "\"disable_parallel_tool_use\":true" },
        new("function_call", Body("\"functions\":[{\"name\":\"mark_two\"}],\"function_call\":{\"name\":\"mark_two\"}"), "\"tool_choice\":{") { Gemini = "\"allowedFunctionNames\":[\"mark_two\"]" },
    ];

    private static string Body(string members) => $$"""{"model":"m","messages":[{"role":"user","content":"hi"}],{{members}}}""";

    private static FieldSample With(string name, string value, string marker) => new(name, Body($"\"{name}\":{value}"), marker);

    private static FieldSample Choice(string path, string value, string marker) => new(
        path,
        Body($$$"""
            "tools":[{"type":"function","function":{"name":"mark_one"}},{"type":"function","function":{"name":"mark_two"}}],"{{{path.Split('[')[0]}}}":{{{value}}}
            """),
        marker);

    private static FieldSample Schema(string path, string marker) => new(
        $"response_format[json_schema].{path}",
        Body("""
            "response_format":{"type":"json_schema","json_schema":{"name":"mark_name","description":"mark-description","strict":true,"schema":{"type":"object","properties":{"mark-member":{"type":"string"}},"required":["mark-member"],"additionalProperties":false}}}
            """),
        marker);

    private static FieldSample Function(string path, string marker) => new(
        $"tools[function].{path}",
        Body("""
            "tools":[{"type":"function","cache_control":{"type":"ephemeral"},"function":{"name":"mark_tool","description":"mark-description","strict":true,"parameters":{"type":"object","properties":{"mark-parameter":{"type":"string"}}}}}]
            """),
        marker);

    private static FieldSample Custom(string path, string marker) => new(
        $"tools[custom].{path}",
        Body("""
            "tools":[{"type":"custom","custom":{"name":"mark_custom","description":"mark-description","format":{"type":"grammar","grammar":{"syntax":"lark","definition":"start: mark-grammar"}}}}]
            """),
        marker);
}
