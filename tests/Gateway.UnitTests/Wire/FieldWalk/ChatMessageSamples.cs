namespace AIHigress.Gateway.UnitTests.Wire.FieldWalk;

/// <summary>A request for every member of messages of Chat Completions.</summary>
internal static class ChatMessageSamples
{
    private const string User = """{"role":"user","content":"hi"}""";
    private const string Cache = "\"cache_control\":{\"type\":\"ephemeral\"}";
    private const string Caches = Cache + ",\"prompt_cache_breakpoint\":{\"mode\":\"explicit\"}";

    public static IEnumerable<FieldSample> All =>
    [
        .. Instruction("system"), .. Instruction("developer"), .. OfUser, .. OfAssistant, .. Thoughts, .. Call("function", "arguments", "{\\\"k\\\":\\\"mark-text\\\"}"), .. Call("custom", "input", "mark-text"),
        .. OfTool, .. OfFunction,
        new("messages[*]", Body(User + """,{"role":"mark-role","content":"x"}"""), "mark-role"),
    ];

    private static IEnumerable<FieldSample> OfUser =>
    [
        new("messages[user].role", Body(User), "\"user\""),
        new("messages[user].content", Body("""{"role":"user","content":"mark-said"}"""), "mark-said"),
        new("messages[user].name", Body("""{"role":"user","content":"hi","name":"mark-name"}"""), "mark-name"),
        .. Text("user", "messages[user].content[text]", Body),
        .. Image("user", "messages[user].content[image_url]", Body),
        new("messages[user].content[input_audio]", Body(Said("user", """{"type":"input_audio","input_audio":{"data":"bWFyaw==","format":"mp3"}}""")), "bWFyaw=="),
        new("messages[user].content[video_url]", Body(Said("user", """{"type":"video_url","video_url":{"url":"data:video/mp4;base64,bWFyaw=="}}""")), "bWFyaw=="),
        .. File("user", "messages[user].content[file]", Body),
        Unknown("user", Body),
    ];

    private static IEnumerable<FieldSample> OfAssistant =>
    [
        new("messages[assistant].role", Turn("""{"role":"assistant","content":"mark-said"}"""), "\"assistant\"") { Gemini = "\"model\"" },
        new("messages[assistant].content", Turn("""{"role":"assistant","content":"mark-said"}"""), "mark-said"),
        new("messages[assistant].name", Turn("""{"role":"assistant","content":"x","name":"mark-name"}"""), "mark-name"),
        .. Text("assistant", "messages[assistant].content[text]", Turn),
        new("messages[assistant].content[refusal]", Turn(Said("assistant", """{"type":"refusal","refusal":"mark-refusal"}""")), "mark-refusal"),
        Unknown("assistant", Turn),
        new("messages[assistant].refusal", Turn("""{"role":"assistant","content":null,"refusal":"mark-refusal"}"""), "mark-refusal"),
        new("messages[assistant].audio", Turn("""{"role":"assistant","content":null,"audio":{"id":"mark-audio"}}"""), "mark-audio"),
        new("messages[assistant].annotations", Turn("""{"role":"assistant","content":"x","annotations":[{"type":"mark-note"}]}"""), "mark-note"),
        new("messages[assistant].function_call", Turn("""{"role":"assistant","content":null,"function_call":{"name":"mark_tool","arguments":"{}"}}"""), "mark_tool"),
    ];

    private static IEnumerable<FieldSample> Thoughts =>
    [
        new("messages[assistant].reasoning_content", Loop("\"reasoning_content\":\"mark-thought\""), "mark-thought"),
        new("messages[assistant].reasoning", Loop("\"reasoning\":\"mark-thought\""), "mark-thought"),
        new("messages[assistant].reasoning_details", Loop("\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"mark-thought\",\"signature\":\"mark-seal\",\"index\":0}]"), "mark-thought"),
    ];

    private static IEnumerable<FieldSample> OfTool =>
    [
        Result("role", "\"content\":\"mark-result\"", "mark-result"),
        Result("tool_call_id", "\"content\":\"x\"", "mark_call"),
        Result("content", "\"content\":\"mark-result\"", "mark-result"),
        Result("name", "\"content\":\"x\",\"name\":\"mark_name\"", "mark_name"),
        Result("cache_control", "\"content\":\"x\"," + Cache, "ephemeral"),
        .. Text("tool", "messages[tool].content[text]", m => Results(m)),
        .. Image("tool", "messages[tool].content[image_url]", m => Results(m)),
        .. File("tool", "messages[tool].content[file]", m => Results(m)),
        Unknown("tool", m => Results(m)),
    ];

    private static IEnumerable<FieldSample> OfFunction =>
    [
        new("messages[function].role", Functions("\"content\":\"mark-result\""), "mark-result"),
        new("messages[function].name", Functions("\"content\":\"x\""), "mark_tool"),
        new("messages[function].content", Functions("\"content\":\"mark-result\""), "mark-result"),
        new("messages[function].content[text].type", Functions("\"content\":[{\"type\":\"text\",\"text\":\"mark-text\"}]"), "mark-text"),
        new("messages[function].content[text].text", Functions("\"content\":[{\"type\":\"text\",\"text\":\"mark-text\"}]"), "mark-text"),
        .. CacheMarks("messages[function].content[text]", Functions("\"content\":[{\"type\":\"text\",\"text\":\"x\"," + Caches + "}]")),
        new("messages[function].content[*]", Functions("\"content\":[{\"type\":\"mark-kind\"}]"), "mark-kind"),
    ];

    private static IEnumerable<FieldSample> Instruction(string role) =>
    [
        new($"messages[{role}].role", Before($$"""{"role":"{{role}}","content":"mark-rule"}"""), "mark-rule"),
        new($"messages[{role}].content", Before($$"""{"role":"{{role}}","content":"mark-rule"}"""), "mark-rule"),
        new($"messages[{role}].name", Before($$"""{"role":"{{role}}","content":"x","name":"mark-name"}"""), "mark-name"),
        new($"messages[{role}].cache_control", Before($$"""{"role":"{{role}}","content":"x",{{Cache}}}"""), "ephemeral"),
        .. Text(role, $"messages[{role}].content[text]", Before),
        Unknown(role, Before),
    ];

    private static IEnumerable<FieldSample> Call(string kind, string text, string value)
    {
        var path = $"messages[assistant].tool_calls[{kind}]";
        var call = $$$"""{"id":"mark_call","type":"{{{kind}}}","index":7117,"extra_content":{"google":{"thought_signature":"bWFyay1zZWFs"}},"{{{kind}}}":{"name":"mark_tool","{{{text}}}":"{{{value}}}"}}""";
        var body = Body($$"""{{User}},{"role":"assistant","content":null,"tool_calls":[{{call}}]},{"role":"tool","tool_call_id":"mark_call","content":"r"}""");
        return
        [
            new($"{path}.id", body, "mark_call"),
            new($"{path}.type", body, kind == "custom" ? "mark_tool" : ""),
            new($"{path}.index", body, "7117"),
            new($"{path}.extra_content", body, "bWFyay1zZWFs"),
            new($"{path}.{kind}.name", body, "mark_tool"),
            new($"{path}.{kind}.{text}", body, "mark-text"),
        ];
    }

    private static IEnumerable<FieldSample> Text(string role, string path, Func<string, string> body)
    {
        var request = body(Said(role, """{"type":"text","text":"mark-text",CACHE}""".Replace("CACHE", Caches, StringComparison.Ordinal)));
        return
        [
            new($"{path}.type", request, "mark-text"),
            new($"{path}.text", request, "mark-text"),
            .. CacheMarks(path, request),
        ];
    }

    private static IEnumerable<FieldSample> Image(string role, string path, Func<string, string> body)
    {
        var request = body(Said(role, """{"type":"image_url","image_url":{"url":"data:image/png;base64,bWFyaw==","detail":"low"},CACHE}""".Replace("CACHE", Caches, StringComparison.Ordinal)));
        return
        [
            new($"{path}.type", request, "bWFyaw=="),
            new($"{path}.image_url", request, "bWFyaw=="),
            new($"{path}.image_url.url", request, "bWFyaw=="),
            new($"{path}.image_url.detail", request, "\"low\""),
            .. CacheMarks(path, request),
        ];
    }

    private static IEnumerable<FieldSample> File(string role, string path, Func<string, string> body)
    {
        var request = body(Said(role, """{"type":"file","file":{"file_data":"data:application/pdf;base64,bWFyaw==","filename":"mark-file.pdf"},CACHE}""".Replace("CACHE", Caches, StringComparison.Ordinal)));
        return
        [
            new($"{path}.type", request, "bWFyaw=="),
            new($"{path}.file.file_data", request, "bWFyaw=="),
            new($"{path}.file.file_id", body(Said(role, """{"type":"file","file":{"file_id":"mark-file"}}""")), "mark-file"),
            new($"{path}.file.filename", request, "mark-file.pdf"),
            .. CacheMarks(path, request),
        ];
    }

    private static IEnumerable<FieldSample> CacheMarks(string path, string request) =>
        [new($"{path}.cache_control", request, "ephemeral"), new($"{path}.prompt_cache_breakpoint", request, "explicit")];

    private static FieldSample Unknown(string role, Func<string, string> body) =>
        new($"messages[{role}].content[*]", body(Said(role, """{"type":"mark-kind"}""")), "mark-kind");

    private static FieldSample Result(string path, string members, string marker) =>
        new($"messages[tool].{path}", Results($$"""{"role":"tool","tool_call_id":"mark_call",{{members}}}"""), marker);

    // The message gets the id of the call that it answers.
    private static string Results(string message)
    {
        var result = message.Contains("tool_call_id", StringComparison.Ordinal) ? message : message[..^1] + ",\"tool_call_id\":\"mark_call\"}";
        return Body(User + """,{"role":"assistant","content":null,"tool_calls":[{"id":"mark_call","type":"function","function":{"name":"f","arguments":"{}"}}]},""" + result);
    }

    private static string Functions(string members) => Body(
        User + """,{"role":"assistant","content":null,"function_call":{"name":"mark_tool","arguments":"{}"}},{"role":"function","name":"mark_tool",""" + members + "}");

    private static string Loop(string members) => Body(
        User + $$$""",{"role":"assistant","content":null,{{{members}}},"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":"r"}""");

    private static string Said(string role, string part) => $$"""{"role":"{{role}}","content":[{{part}}]}""";

    private static string Before(string message) => Body($"{message},{User}");

    private static string Turn(string message) => Body($"{User},{message},{User}");

    private static string Body(string messages) => $$"""{"model":"m","messages":[{{messages}}]}""";
}
