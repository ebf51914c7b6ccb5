namespace AIHigress.Gateway.UnitTests.Wire.FieldWalk;

/// <summary>The part of <see cref="MessagesSamples"/> about messages and their content blocks.</summary>
internal static class MessagesContentSamples
{
    private const string Data = "bWFyay1kYXRh";
    private const string Text = "bWFyayBhIHRleHQ=";

    private static readonly string[] Items =
    [
        "server_tool_use", "web_search_tool_result", "web_fetch_tool_result", "advisor_tool_result", "code_execution_tool_result",
        "bash_code_execution_tool_result", "text_editor_code_execution_tool_result", "tool_search_tool_result", "mcp_tool_use",
        "mcp_tool_result", "mcp_tool_listing", "fallback",
    ];

    public static IEnumerable<FieldSample> All => [.. User, .. Assistant, .. System];

    private static IEnumerable<FieldSample> User =>
    [
        new("messages[user].role", Messages("""{"role":"user","content":"mark-text"}"""), "mark-text"),
        new("messages[user].content", Messages("""{"role":"user","content":"mark-text"}"""), "mark-text"),
        .. Texts("messages[user].content[text]", UserBody),
        .. Media("messages[user].content", UserBody),
        .. Result("type", "", "mark-result"),
        .. Result("tool_use_id", "", "toolu_mark1"),
        .. Result("content", "", "mark-result"),
        .. Texts("messages[user].content[tool_result].content[text]", ResultBody),
        .. Media("messages[user].content[tool_result].content", ResultBody),
        Reference("type", "", "mark_tool"),
        Reference("tool_name", "", "mark_tool"),
        Reference("cache_control", ",\"cache_control\":{\"type\":\"ephemeral\"}", "ephemeral"),
        new("messages[user].content[tool_result].content[*]", ResultBody("""{"type":"browser_state","tabs":[]}"""), "browser_state"),
        new("messages[user].content[tool_result].is_error", ResultWith(",\"is_error\":true"), "Error: ") { Gemini = "\"error\"" },
        .. Result("cache_control", ",\"cache_control\":{\"type\":\"ephemeral\"}", "ephemeral"),
        .. Result("toolset_name", ",\"toolset_name\":\"mark-set\"", "mark-set"),
        .. Items.Select(item => new FieldSample($"messages[user].content[{item}]", UserBody($$"""{"type":"{{item}}","id":"mark-item"}"""), "mark-item")),
        new("messages[user].content[*]", UserBody("""{"type":"container_upload","file_id":"mark-file"}"""), "mark-file"),
    ];

    private static IEnumerable<FieldSample> Assistant =>
    [
        new("messages[assistant].role", Messages(Turn("\"mark-text\"")), "mark-text"),
        new("messages[assistant].content", Messages(Turn("\"mark-text\"")), "mark-text"),
        .. Texts("messages[assistant].content[text]", AssistantBody),
        Block("thinking", "type", ",\"thinking\":\"mark-thought\",\"signature\":\"mark-signature\"", "mark-thought"),
        Block("thinking", "thinking", ",\"thinking\":\"mark-thought\",\"signature\":\"mark-signature\"", "mark-thought"),
        Block("thinking", "signature", ",\"thinking\":\"mark-thought\",\"signature\":\"mark-signature\"", "mark-signature"),
        new("messages[assistant].content[redacted_thinking]", AssistantBody("""{"type":"redacted_thinking","data":"mark-data"}"""), "mark-data"),
        Call("type", "", "mark_name"),
        Call("id", "", "toolu_mark1"),
        Call("name", "", "mark_name"),
        Call("input", "", "mark-input"),
        Call("cache_control", ",\"cache_control\":{\"type\":\"ephemeral\"}", "ephemeral"),
        Call("caller", ",\"caller\":{\"type\":\"direct\"}", "direct"),
        Call("toolset_name", ",\"toolset_name\":\"mark-set\"", "mark-set"),
        Block("compaction", "type", ",\"content\":\"mark-summary\"", "mark-summary"),
        Block("compaction", "content", ",\"content\":\"mark-summary\"", "mark-summary"),
        Block("compaction", "cache_control", ",\"content\":\"x\",\"cache_control\":{\"type\":\"ephemeral\"}", "ephemeral"),
        Block("compaction", "encrypted_content", ",\"content\":\"x\",\"encrypted_content\":\"mark-hidden\"", "mark-hidden"),
        Block("compaction", "signature", ",\"content\":\"x\",\"signature\":\"mark-signature\"", "mark-signature"),
        Block("compaction", "tool_changes", ",\"content\":\"x\",\"tool_changes\":[{\"type\":\"mark-change\"}]", "mark-change"),
        .. Items.Select(item => new FieldSample($"messages[assistant].content[{item}]", AssistantBody($$"""{"type":"{{item}}","id":"mark-item"}"""), "mark-item")),
        new("messages[assistant].content[*]", AssistantBody("""{"type":"container_upload","file_id":"mark-file"}"""), "mark-file"),
    ];

    private static IEnumerable<FieldSample> System =>
    [
        new("messages[system].role", SystemBody("\"mark-text\"", ""), "mark-text"),
        new("messages[system].content", SystemBody("\"mark-text\"", ""), "mark-text"),
        .. Texts("messages[system].content[text]", block => SystemBody($"[{block}]", "")),
        new("messages[system].content[*]", SystemBody("""[{"type":"tool_addition","tool":{"type":"tool_reference","name":"mark_tool"}}]""", ""), "mark_tool"),
        new("messages[system].clear_at", SystemBody("\"x\"", ",\"clear_at\":\"next_user_message\""), "next_user_message"),
        new("messages[system].output_config", SystemBody("\"x\"", ",\"output_config\":{\"effort\":\"max\"}"), "\"max\""),
    ];

    private static IEnumerable<FieldSample> Texts(string block, Func<string, string> body) =>
        new[] { "type", "text", "cache_control", "citations" }.Select(member => MessagesSamples.Text(block, member, body));

    private static IEnumerable<FieldSample> Media(string content, Func<string, string> body) =>
    [
        .. Image($"{content}[image]", body),
        .. Document($"{content}[document]", body),
        .. SearchResult($"{content}[search_result]", body),
    ];

    private static IEnumerable<FieldSample> Image(string block, Func<string, string> body)
    {
        const string Base64 = """{"type":"base64","media_type":"image/webp","data":"bWFyay1kYXRh"}""";
        const string Url = """{"type":"url","url":"https://mark.example/i.png"}""";
        string Of(string source, string extra = "") => body($$"""{"type":"image","source":{{source}}{{extra}}}""");
        yield return new($"{block}.type", Of(Base64), Data);
        yield return new($"{block}.source[base64].type", Of(Base64), Data);
        yield return new($"{block}.source[base64].media_type", Of(Base64), "image/webp");
        yield return new($"{block}.source[base64].data", Of(Base64), Data);
        yield return new($"{block}.source[url].type", Of(Url), "mark.example");
        yield return new($"{block}.source[url].url", Of(Url), "mark.example");
        yield return new($"{block}.source[file]", Of("""{"type":"file","file_id":"mark-file"}"""), "mark-file");
        yield return new($"{block}.cache_control", Of(Base64, ",\"cache_control\":{\"type\":\"ephemeral\"}"), "ephemeral");
        yield return new($"{block}.transformations", Of(Base64, ",\"transformations\":{\"oversized_image\":\"downsize\"}"), "downsize");
    }

    private static IEnumerable<FieldSample> Document(string block, Func<string, string> body)
    {
        const string Base64 = """{"type":"base64","media_type":"application/pdf","data":"bWFyay1kYXRh"}""";
        const string Plain = """{"type":"text","media_type":"text/plain","data":"mark a text"}""";
        const string Url = """{"type":"url","url":"https://mark.example/d.pdf"}""";
        string Of(string source, string extra = "") => body($$"""{"type":"document","source":{{source}}{{extra}}}""");
        yield return new($"{block}.type", Of(Base64), Data);
        yield return new($"{block}.source[base64].type", Of(Base64), Data);
        yield return new($"{block}.source[base64].media_type", Of(Base64), "application/pdf");
        yield return new($"{block}.source[base64].data", Of(Base64), Data);
        yield return new($"{block}.source[text].type", Of(Plain), Text) { Chat = "mark a text" };
        yield return new($"{block}.source[text].media_type", Of(Plain), "");
        yield return new($"{block}.source[text].data", Of(Plain), Text) { Chat = "mark a text" };
        yield return new($"{block}.source[url].type", Of(Url), "mark.example");
        yield return new($"{block}.source[url].url", Of(Url), "mark.example");
        yield return new($"{block}.source[file]", Of("""{"type":"file","file_id":"mark-file"}"""), "mark-file");
        yield return new($"{block}.source[content]", Of("""{"type":"content","content":[{"type":"text","text":"mark-inner"}]}"""), "mark-inner");
        yield return new($"{block}.title", Of(Base64, ",\"title\":\"mark-title.pdf\""), "mark-title.pdf");
        yield return new($"{block}.context", Of(Base64, ",\"context\":\"mark-context\""), "mark-context");
        yield return new($"{block}.cache_control", Of(Base64, ",\"cache_control\":{\"type\":\"ephemeral\"}"), "ephemeral");
        yield return new($"{block}.citations", Of(Base64, ",\"citations\":{\"enabled\":true}"), "citations");
    }

    private static IEnumerable<FieldSample> SearchResult(string block, Func<string, string> body)
    {
        string Of(string extra = "") => body(
            $$"""{"type":"search_result","source":"mark-source","title":"mark-title","content":[{"type":"text","text":"mark-found"}]{{extra}}}""");
        yield return new($"{block}.type", Of(), "mark-found");
        yield return new($"{block}.source", Of(), "mark-source");
        yield return new($"{block}.title", Of(), "mark-title");
        yield return new($"{block}.content", Of(), "mark-found");
        yield return new($"{block}.cache_control", Of(",\"cache_control\":{\"type\":\"ephemeral\"}"), "ephemeral");
        yield return new($"{block}.citations", Of(",\"citations\":{\"enabled\":true}"), "citations");
    }

    private static IEnumerable<FieldSample> Result(string member, string extra, string marker) =>
        [new FieldSample($"messages[user].content[tool_result].{member}", ResultWith(extra), marker)];

    private static FieldSample Reference(string member, string extra, string marker) => new(
        $"messages[user].content[tool_result].content[tool_reference].{member}",
        ResultBody($$"""{"type":"tool_reference","tool_name":"mark_tool"{{extra}}}"""),
        marker);

    private static FieldSample Block(string type, string member, string members, string marker) =>
        new($"messages[assistant].content[{type}].{member}", AssistantBody($$"""{"type":"{{type}}"{{members}}}"""), marker);

    private static FieldSample Call(string member, string extra, string marker) => new(
        $"messages[assistant].content[tool_use].{member}",
        Messages(
            """{"role":"user","content":"hi"}""",
            Turn($$"""[{"type":"tool_use","id":"toolu_mark1","name":"mark_name","input":{"x":"mark-input"}{{extra}}}]""")),
        marker);

    private static string ResultWith(string extra) => Messages(
        """{"role":"user","content":"hi"}""",
        Turn("""[{"type":"tool_use","id":"toolu_other","name":"f","input":{}}]"""),
        $$"""{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_mark1","content":"mark-result"{{extra}}}]}""");

    private static string ResultBody(string block) => Messages(
        """{"role":"user","content":"hi"}""",
        Turn("""[{"type":"tool_use","id":"toolu_1","name":"f","input":{}}]"""),
        $$"""{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":[{{block}}]}]}""");

    private static string UserBody(string block) => Messages($$"""{"role":"user","content":[{"type":"text","text":"hi"},{{block}}]}""");

    private static string AssistantBody(string block) =>
        Messages("""{"role":"user","content":"hi"}""", Turn($$"""[{"type":"text","text":"ho"},{{block}}]"""), """{"role":"user","content":"go on"}""");

    private static string SystemBody(string content, string extra) =>
        Messages("""{"role":"user","content":"hi"}""", $$"""{"role":"system","content":{{content}}{{extra}}}""");

    private static string Turn(string content) => $$"""{"role":"assistant","content":{{content}}}""";

    private static string Messages(params string[] messages) => $$"""{"model":"m","max_tokens":99,"messages":[{{string.Join(",", messages)}}]}""";
}
