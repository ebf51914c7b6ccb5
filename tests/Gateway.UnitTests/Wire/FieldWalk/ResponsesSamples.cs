using System.Buffers.Text;
using System.Text;

namespace AIHigress.Gateway.UnitTests.Wire.FieldWalk;

/// <summary>One request for each field of the Responses API.</summary>
internal static class ResponsesSamples
{
    private const string Function = """{"type":"function","name":"look","description":"Look it up","parameters":{"type":"object","properties":{"q":{"type":"string"}}}}""";

    public static IEnumerable<FieldSample> All =>
        [.. Options(), .. Formats(), .. Tools(), .. Choices(), .. ResponsesItemSamples.All];

    /// <summary>A body with a short conversation and these members.</summary>
    public static string Body(string members) => $$"""{"model":"m","input":"hello",{{members}}}""";

    private static FieldSample Option(string path, string member, string marker) => new(path, Body(member), marker);

    private static IEnumerable<FieldSample> Options() =>
    [
        new("model", """{"model":"mark-model","input":"x"}""", ""),
        Option("stream", """ "stream":true """, ""),
        Option("stream_options.include_obfuscation", """ "stream":true,"stream_options":{"include_obfuscation":true} """, "obfuscation"),
        Option("background", """ "background":true """, ""),
        Option("store", """ "store":false """, ""),
        Option("previous_response_id", """ "previous_response_id":"resp_mark" """, ""),
        Option("conversation", """ "conversation":"conv_mark" """, "conv_mark"),
        Option("prompt", """ "prompt":{"id":"pmpt_mark"} """, "pmpt_mark"),
        Option("context_management", """ "context_management":[{"type":"compaction","compact_threshold":987654}] """, "987654"),
        Option("include", """ "include":["message.output_text.logprobs"] """, "logprobs"),
        Option("instructions", """ "instructions":"mark-instructions" """, "mark-instructions"),
        new("input", """{"model":"m","input":"mark-input"}""", "mark-input"),
        Option("max_output_tokens", """ "max_output_tokens":7531 """, "7531"),
        Option("max_tool_calls", """ "max_tool_calls":7531 """, "7531"),
        Option("metadata", """ "metadata":{"ticket":"mark-metadata"} """, "mark-metadata"),
        Option("prompt_cache_key", """ "prompt_cache_key":"mark-cache-key" """, "mark-cache-key"),
        Option("prompt_cache_options", """ "prompt_cache_options":{"mode":"explicit","ttl":"30m"} """, "30m"),
        Option("moderation", """ "moderation":{"model":"mark-moderation"} """, "mark-moderation"),
        Option("reasoning.context", """ "reasoning":{"context":"all_turns"} """, "all_turns"),
        Option("reasoning.mode", """ "reasoning":{"mode":"mark-mode"} """, "mark-mode"),
        Option("prompt_cache_retention", """ "prompt_cache_retention":"24h" """, "24h"),
        Option("reasoning.effort", """ "max_output_tokens":50000,"reasoning":{"effort":"high"} """, "high") with { Messages = "16384", Gemini = "16384" },
        Option("reasoning.summary", """ "reasoning":{"summary":"concise"} """, "concise") with { Gemini = "includeThoughts" },
        Option("reasoning.generate_summary", """ "reasoning":{"generate_summary":"concise"} """, "concise") with { Gemini = "includeThoughts" },
        Option("safety_identifier", """ "safety_identifier":"mark-safety" """, "mark-safety"),
        Option("user", """ "user":"mark-user" """, "mark-user"),
        Option("service_tier", """ "service_tier":"priority" """, "priority"),
        Option("temperature", """ "temperature":0.125 """, "0.125"),
        Option("top_p", """ "top_p":0.625 """, "0.625"),
        Option("top_logprobs", """ "top_logprobs":17 """, "17"),
        Option("truncation", """ "truncation":"auto" """, "truncation"),
        Option("client_metadata", """ "client_metadata":{"x":"mark-client"} """, "mark-client"),
        Option("text.verbosity", """ "text":{"verbosity":"low"} """, "verbosity"),
    ];

    private static FieldSample Schema(string member, string json, string marker)
    {
        var name = member == "name" ? "" : "\"name\":\"form\",";
        var schema = member == "schema" ? "" : "\"schema\":{\"type\":\"object\"},";
        return Option($"text.format[json_schema].{member}", $"\"text\":{{\"format\":{{\"type\":\"json_schema\",{name}{schema}{json}}}}}", marker);
    }

    private static IEnumerable<FieldSample> Formats() =>
    [
        Option("text.format[text]", """ "text":{"format":{"type":"text"}} """, ""),
        Option("text.format[json_object]", """ "text":{"format":{"type":"json_object"}} """, "json_object") with { Gemini = "application/json" },
        Schema("type", "\"strict\":true", ""),
        Schema("name", "\"name\":\"mark_name\"", "mark_name"),
        Schema("description", "\"description\":\"mark-description\"", "mark-description"),
        Schema("schema", """ "schema":{"type":"object","properties":{"mark_schema":{"type":"string"}}} """, "mark_schema"),
        Schema("strict", "\"strict\":true", "strict"),
    ];

    private static FieldSample Tool(string path, string tool, string marker) => Option(path, $"\"tools\":[{tool}]", marker);

    private static IEnumerable<FieldSample> Tools() =>
    [
        .. FunctionMembers("tools[function]", f => f),
        .. CustomMembers("tools[custom]", c => c),
        Tool("tools[local_shell]", """{"type":"local_shell"}""", "local_shell"),
        Tool("tools[namespace].type", Namespace(Function), ""),
        Tool("tools[namespace].name", Namespace(Function), "mcp__mark__look"),
        Tool("tools[namespace].description", Namespace(Function), "mark-namespace"),
        .. FunctionMembers("tools[namespace].tools[function]", Namespace),
        .. CustomMembers("tools[namespace].tools[custom]", Namespace),
        Tool("tools[namespace].tools[*]", Namespace("""{"type":"mark_kind"}"""), "mark_kind"),
        Tool("tools[*]", """{"type":"mark_kind","x":1}""", "mark_kind"),
        .. AIHigress.Wire.OpenAI.Responses.ResponsesCodec.Instance.Fields.Rules
            .Where(r => r.Note == "Hosted by OpenAI.")
            .Select(r => Tool(r.Path, $$"""{"type":"{{r.Path[6..^1]}}","mark_hosted":true}""", "mark_hosted")),
        Option("parallel_tool_calls", $"\"tools\":[{Function}],\"parallel_tool_calls\":false", "parallel_tool_calls") with { Messages = "disable_parallel_tool_use" },
    ];

    private static string Namespace(string tool) =>
        $$"""{"type":"namespace","name":"mcp__mark__","description":"mark-namespace","tools":[{{tool}}]}""";

    private static IEnumerable<FieldSample> FunctionMembers(string path, Func<string, string> wrap) =>
    [
        Tool($"{path}.type", wrap(Function), ""),
        Tool($"{path}.name", wrap("""{"type":"function","name":"mark_tool"}"""), "mark_tool"),
        Tool($"{path}.description", wrap("""{"type":"function","name":"look","description":"mark-description"}"""), "mark-description"),
        Tool($"{path}.parameters", wrap("""{"type":"function","name":"look","parameters":{"type":"object","properties":{"mark_parameter":{"type":"string"}}}}"""), "mark_parameter"),
        Tool($"{path}.output_schema", wrap("""{"type":"function","name":"look","output_schema":{"title":"mark-output"}}"""), "mark-output"),
        Tool($"{path}.strict", wrap("""{"type":"function","name":"look","strict":true}"""), "\"strict\":true"),
        Tool($"{path}.defer_loading", wrap("""{"type":"function","name":"look","defer_loading":true}"""), "defer_loading"),
        Tool($"{path}.allowed_callers", wrap("""{"type":"function","name":"look","allowed_callers":["programmatic"]}"""), "programmatic"),
    ];

    private static IEnumerable<FieldSample> CustomMembers(string path, Func<string, string> wrap) =>
    [
        Tool($"{path}.type", wrap("""{"type":"custom","name":"patch"}"""), ""),
        Tool($"{path}.name", wrap("""{"type":"custom","name":"mark_custom"}"""), "mark_custom"),
        Tool($"{path}.description", wrap("""{"type":"custom","name":"patch","description":"mark-description"}"""), "mark-description"),
        Tool($"{path}.format", wrap("""{"type":"custom","name":"patch","format":{"type":"grammar","syntax":"lark","definition":"mark-grammar"}}"""), "mark-grammar"),
        Tool($"{path}.defer_loading", wrap("""{"type":"custom","name":"patch","defer_loading":true}"""), "defer_loading"),
        Tool($"{path}.allowed_callers", wrap("""{"type":"custom","name":"patch","allowed_callers":["programmatic"]}"""), "programmatic"),
    ];

    private static FieldSample Choice(string path, string choice, string marker, string tools = Function) =>
        Option(path, $"\"tools\":[{tools}],\"tool_choice\":{choice}", marker);

    private static IEnumerable<FieldSample> Choices() =>
    [
        Choice("tool_choice", "\"required\"", "\"tool_choice\":\"required\"") with { Messages = "any", Gemini = "ANY" },
        Choice("tool_choice[function]", """{"type":"function","name":"look"}""", "tool_choice") with { Gemini = "allowedFunctionNames" },
        Choice("tool_choice[custom]", """{"type":"custom","name":"patch"}""", "tool_choice", """{"type":"custom","name":"patch"}""") with { Gemini = "allowedFunctionNames" },
        Choice("tool_choice[local_shell]", """{"type":"local_shell"}""", "tool_choice", """{"type":"local_shell"}""") with { Gemini = "allowedFunctionNames" },
        Choice("tool_choice[allowed_tools]", """{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"look"}]}""", "allowed_tools") with { Messages = "tool_choice", Gemini = "allowedFunctionNames" },
        Choice("tool_choice[*]", """{"type":"file_search"}""", "file_search"),
    ];
}
