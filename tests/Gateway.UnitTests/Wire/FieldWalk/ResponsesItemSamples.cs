using System.Text.Json.Nodes;
using AIHigress.Wire;
using AIHigress.Wire.Translation;

namespace AIHigress.Gateway.UnitTests.Wire.FieldWalk;

/// <summary>Samples of the input items.</summary>
internal static class ResponsesItemSamples
{
    private const string Breakpoint = "\"prompt_cache_breakpoint\":{\"mode\":\"explicit\"}";
    private const string Caller = "\"caller\":{\"type\":\"program\",\"caller_id\":\"mark_program\"}";
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk";
    private const string Pdf = "JVBERi0xLjQKJcOkw7zDtsOfCjIgMCBvYmoKPDwvTGVuZ3RoIDMgMCBSL0Zp";

    public static IEnumerable<FieldSample> All =>
    [
        new("input[message].type", Items("""{"type":"message","role":"user","content":"x"}"""), ""),
        .. Message("input[message]", "\"type\":\"message\",\"role\":\"user\""),
        .. OfMaker("input[message]", """{"type":"message","role":"assistant","content":"x",""", "completed"),
        Sample("input[message].phase", """{"type":"message","role":"assistant","content":"x","phase":"commentary"}""", "commentary"),
        .. Input("input[message].content", "\"type\":\"message\",\"role\":\"user\""),
        .. Output("input[message].content", "\"type\":\"message\",\"role\":\"assistant\""),
        .. Message("input[user]", "\"role\":\"user\""),
        .. Input("input[user].content", "\"role\":\"user\""),
        .. Message("input[assistant]", "\"role\":\"assistant\""),
        .. OfMaker("input[assistant]", """{"role":"assistant","content":"x",""", "completed"),
        Sample("input[assistant].phase", """{"role":"assistant","content":"x","phase":"commentary"}""", "commentary"),
        .. Text("input[assistant].content", "input_text", "\"role\":\"assistant\""),
        .. Output("input[assistant].content", "\"role\":\"assistant\""),
        .. Message("input[system]", "\"role\":\"system\""),
        .. Text("input[system].content", "input_text", "\"role\":\"system\""),
        .. Message("input[developer]", "\"role\":\"developer\""),
        .. Text("input[developer].content", "input_text", "\"role\":\"developer\""),
        .. Call("function_call", "arguments", "{\\\"q\\\":\\\"mark-text\\\"}"),
        .. Call("custom_tool_call", "input", "mark-text"),
        .. Result("function_call_output", "function_call"),
        .. Result("custom_tool_call_output", "custom_tool_call"),
        .. Shell(),
        .. AdditionalTools(),
        .. Reasoning(),
        .. AIHigress.Wire.OpenAI.Responses.ResponsesCodec.Instance.Fields.Rules
            .Where(r => r.Note is "Of a tool that OpenAI hosts." or "Stands for what lies at OpenAI.")
            .Select(r => Sample(r.Path, $$"""{"type":"{{r.Path[6..^1]}}","id":"mark_hosted"}""", "mark_hosted")),
        Sample("input[*]", """{"id":"mark_kind"}""", "mark_kind"),
    ];

    private static IEnumerable<FieldSample> AdditionalTools() =>
    [
        Sample("input[additional_tools].type", """{"type":"additional_tools","tools":[]}""", ""),
        Sample("input[additional_tools].role", """{"type":"additional_tools","tools":[],"role":"mark_role"}""", "mark_role"),
        .. OfMaker("input[additional_tools]", """{"type":"additional_tools","tools":[],""", "completed"),
        .. ResponsesSamples.Tools().Where(s => s.Path.StartsWith("tools[", StringComparison.Ordinal)).Select(OfferedByAnItem),
    ];

    private static FieldSample OfferedByAnItem(FieldSample sample)
    {
        var tools = JsonNode.Parse(sample.Body)!["tools"]!.ToJsonString();
        return sample with { Path = $"input[additional_tools].{sample.Path}", Body = Items($$"""{"type":"additional_tools","tools":{{tools}}}""") };
    }

    private static string Items(params string[] items) => $$"""{"model":"m","input":[{"role":"user","content":"hello"},{{string.Join(',', items)}}]}""";

    private static FieldSample Sample(string path, string item, string marker) => new(path, Items(item), marker);

    private static IEnumerable<FieldSample> Message(string path, string head) =>
    [
        Sample($"{path}.role", $$"""{{{head}},"content":"x"}""", ""),
        Sample($"{path}.content", $$"""{{{head}},"content":"mark-content"}""", "mark-content"),
        Sample($"{path}.content[*]", $$"""{{{head}},"content":[{"type":"computer_screenshot","file_id":"mark_kind"}]}""", "mark_kind"),
    ];

    private static IEnumerable<FieldSample> OfMaker(string path, string start, string neutral) =>
    [
        Sample($"{path}.id", $$"""{{start}}"id":"id_mark"}""", "id_mark"),
        Sample($"{path}.status", $$"""{{start}}"status":"incomplete"}""", "incomplete"),
    ];

    private static FieldSample Part(string path, string head, string part, string marker) => Sample(path, $$"""{{{head}},"content":[{{part}}]}""", marker);

    private static IEnumerable<FieldSample> Text(string content, string type, string head) =>
    [
        Part($"{content}[{type}].type", head, $$"""{"type":"{{type}}","text":"x"}""", ""),
        Part($"{content}[{type}].text", head, $$"""{"type":"{{type}}","text":"mark-text"}""", "mark-text"),
        Part($"{content}[{type}].prompt_cache_breakpoint", head, $$"""{"type":"{{type}}","text":"x",{{Breakpoint}}}""", "explicit"),
    ];

    private static IEnumerable<FieldSample> Input(string content, string head) =>
    [
        .. Media(content, part => $$"""{{{head}},"content":[{{part}}]}""", []),
        Part($"{content}[input_audio].type", head, """{"type":"input_audio","input_audio":{"data":"UklGRg==","format":"wav"}}""", ""),
        Part($"{content}[input_audio].input_audio", head, """{"type":"input_audio","input_audio":{"data":"UklGRiQAAABXQVZF","format":"wav"}}""", "UklGRiQAAABXQVZF"),
    ];

    private static IEnumerable<FieldSample> Media(string content, Func<string, string> wrap, string[] before)
    {
        FieldSample Of(string name, string part, string marker) => new($"{content}{name}", Items([.. before, wrap(part)]), marker);

        return
        [
            Of("[input_text].type", """{"type":"input_text","text":"x"}""", ""),
            Of("[input_text].text", """{"type":"input_text","text":"mark-text"}""", "mark-text"),
            Of("[input_text].prompt_cache_breakpoint", $$"""{"type":"input_text","text":"x",{{Breakpoint}}}""", "explicit"),
            Of("[input_image].prompt_cache_breakpoint", $$"""{"type":"input_image","image_url":"data:image/png;base64,{{Png}}",{{Breakpoint}}}""", "explicit"),
            Of("[input_file].prompt_cache_breakpoint", $$"""{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,{{Pdf}}",{{Breakpoint}}}""", "explicit"),
            Of("[input_image].type", $$"""{"type":"input_image","image_url":"data:image/png;base64,{{Png}}"}""", ""),
            Of("[input_image].image_url", $$"""{"type":"input_image","image_url":"data:image/png;base64,{{Png}}"}""", Png),
            Of("[input_image].file_id", """{"type":"input_image","file_id":"file-mark"}""", "file-mark"),
            Of("[input_image].detail", $$"""{"type":"input_image","image_url":"data:image/png;base64,{{Png}}","detail":"low"}""", "\"detail\":\"low\""),
            Of("[input_file].type", $$"""{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,{{Pdf}}"}""", ""),
            Of("[input_file].file_data", $$"""{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,{{Pdf}}"}""", Pdf),
            Of("[input_file].file_url", """{"type":"input_file","file_url":"https://example.com/mark.pdf"}""", "https://example.com/mark.pdf"),
            Of("[input_file].file_id", """{"type":"input_file","file_id":"file-mark"}""", "file-mark"),
            Of("[input_file].filename", $$"""{"type":"input_file","filename":"mark.pdf","file_data":"data:application/pdf;base64,{{Pdf}}"}""", "mark.pdf"),
            Of("[input_file].detail", $$"""{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,{{Pdf}}","detail":"high"}""", "\"detail\""),
        ];
    }

    private static IEnumerable<FieldSample> Output(string content, string head) =>
    [
        .. Text(content, "output_text", head),
        Part($"{content}[output_text].annotations", head, """{"type":"output_text","text":"x","annotations":[{"type":"url_citation","title":"mark-note"}]}""", "mark-note"),
        Part($"{content}[output_text].logprobs", head, """{"type":"output_text","text":"x","logprobs":[{"token":"mark-token"}]}""", "mark-token"),
        Part($"{content}[refusal].type", head, """{"type":"refusal","refusal":"x"}""", ""),
        Part($"{content}[refusal].refusal", head, """{"type":"refusal","refusal":"mark-refusal"}""", "mark-refusal"),
    ];

    private static IEnumerable<FieldSample> Call(string type, string member, string text)
    {
        var path = $"input[{type}]";
        string Item(string more, string id = "call_1", string name = "look", string value = "{}") =>
            $$"""{"type":"{{type}}","call_id":"{{id}}","name":"{{name}}","{{member}}":"{{value}}"{{more}}}""";

        string Answer(string id = "call_1") => $$"""{"type":"{{type}}_output","call_id":"{{id}}","output":"ok"}""";

        FieldSample Of(string name, string item, string marker, string id = "call_1") => new($"{path}.{name}", Items(item, Answer(id)), marker);

        return
        [
            Of("type", Item(""), ""),
            Of("call_id", Item("", id: "call_mark"), "call_mark", "call_mark") with { Gemini = "" },
            Of("name", Item("", name: "mark_name"), "mark_name"),
            Of("namespace", Item(",\"namespace\":\"mcp__mark__\""), "mcp__mark__look"),
            Of(member, Item("", value: text), "mark-text"),
            Of("caller", Item("," + Caller), "mark_program"),
            Of("id", Item(",\"id\":\"fc_mark\""), "fc_mark"),
            Of("status", Item(",\"status\":\"incomplete\""), "incomplete"),
        ];
    }

    private static IEnumerable<FieldSample> Result(string type, string call)
    {
        var path = $"input[{type}]";
        string[] before = [$$"""{"type":"{{call}}","call_id":"call_1","name":"look","{{(call == "function_call" ? "arguments" : "input")}}":"{}"}"""];
        string Item(string output, string more = "") => $$"""{"type":"{{type}}","call_id":"call_1","output":{{output}}{{more}}}""";

        FieldSample Of(string name, string item, string marker) => new($"{path}.{name}", Items([.. before, item]), marker);

        return
        [
            Of("type", Item("\"x\""), ""),
            Of("call_id", Item("\"x\""), ""),
            Of("output", Item("\"mark-output\""), "mark-output"),
            .. Media($"{path}.output", part => Item($"[{part}]"), before),
            Of("caller", Item("\"x\"", "," + Caller), "mark_program"),
            Of("output[*]", Item("[{\"type\":\"computer_screenshot\",\"file_id\":\"mark_kind\"}]"), "mark_kind"),
            Of("id", Item("\"x\"", ",\"id\":\"fco_mark\""), "fco_mark"),
            Of("status", Item("\"x\"", ",\"status\":\"incomplete\""), "incomplete"),
        ];
    }

    private static IEnumerable<FieldSample> Shell()
    {
        const string Call = """{"type":"local_shell_call","call_id":"call_1","action":{"type":"exec","command":["mark-command"],"env":{}}""";
        const string Answer = """{"type":"local_shell_call_output","id":"call_1","output":"mark-output" """;

        FieldSample OfCall(string name, string more, string marker) => new($"input[local_shell_call].{name}", Items($"{Call}{more}}}", $"{Answer}}}"), marker);
        FieldSample OfAnswer(string name, string more, string marker) => new($"input[local_shell_call_output].{name}", Items($"{Call}}}", $"{Answer}{more}}}"), marker);

        return
        [
            OfCall("type", "", ""),
            OfCall("call_id", "", ""),
            OfCall("action", "", "mark-command"),
            OfCall("id", ",\"id\":\"lsh_mark\"", "lsh_mark"),
            OfCall("status", ",\"status\":\"incomplete\"", "incomplete"),
            OfAnswer("type", "", ""),
            OfAnswer("id", "", ""),
            OfAnswer("call_id", ",\"call_id\":\"call_1\"", ""),
            OfAnswer("output", "", "mark-output"),
            OfAnswer("status", ",\"status\":\"incomplete\"", "incomplete"),
        ];
    }

    private static IEnumerable<FieldSample> Reasoning()
    {
        // Sealed by an Anthropic upstream, shown to a Responses client; Gemini leaves foreign thoughts out.
        var seal = new Seal(WireProtocol.Messages, "mark-seal").For(WireProtocol.Responses);

        FieldSample Of(string name, string members, string marker) => new(
            $"input[reasoning].{name}",
            Items(
                $$"""{"type":"reasoning","encrypted_content":"{{seal}}",{{members}}}""",
                """{"type":"function_call","call_id":"call_1","name":"look","arguments":"{}"}""",
                """{"type":"function_call_output","call_id":"call_1","output":"ok"}"""),
            marker)
        { Gemini = "" };

        return
        [
            Of("type", "\"summary\":[]", ""),
            Of("summary", """ "summary":[{"type":"summary_text","text":"mark-summary"}] """, "mark-summary"),
            Of("content", """ "summary":[],"content":[{"type":"reasoning_text","text":"mark-content"}] """, "mark-content"),
            Of("encrypted_content", """ "summary":[{"type":"summary_text","text":"mark-summary"}] """, "mark-seal") with { Chat = "" },
            Of("id", """ "summary":[],"id":"rs_mark" """, "rs_mark") with { Gemini = null },
            Of("status", """ "summary":[],"status":"incomplete" """, "incomplete") with { Gemini = null },
        ];
    }
}
