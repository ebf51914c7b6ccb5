using System.Buffers;
using System.Text.Json;
using AIHigress.Wire.Json;
using AIHigress.Wire.OpenAI.Responses.Requests;
using AIHigress.Wire.Translation.Answers;

namespace AIHigress.Wire.OpenAI.Responses.Answers;

/// <summary>The members of the request that every response object repeats, with the defaults of those that were not given.</summary>
internal sealed class ResponseEcho
{
    private static readonly (string Name, string Default)[] Members =
    [
        ("background", "false"), ("instructions", "null"), ("max_output_tokens", "null"), ("max_tool_calls", "null"), ("parallel_tool_calls", "true"),
        ("previous_response_id", "null"), ("prompt_cache_key", "null"), ("reasoning", """{"effort":null,"summary":null}"""), ("safety_identifier", "null"),
        ("service_tier", "\"default\""), ("store", "true"), ("temperature", "1.0"), ("text", """{"format":{"type":"text"}}"""), ("tool_choice", "\"auto\""),
        ("tools", "[]"), ("top_logprobs", "0"), ("top_p", "1.0"), ("truncation", "\"disabled\""), ("user", "null"), ("metadata", "{}"),
    ];

    private readonly List<(string Name, string Raw)> _members = [];

    public ResponseEcho(AnswerContext context)
    {
        using var body = JsonTree.TryParse(context.RequestBody.IsEmpty ? Rewrite(context) : context.RequestBody);
        foreach (var (name, value) in Members)
        {
            var raw = body?.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null
                ? name == "text" ? TextWithFormat(member) : JsonTree.Raw(member)
                : value;
            _members.Add((name, raw));
        }
    }

    public void Write(Utf8JsonWriter json)
    {
        foreach (var (name, raw) in _members)
        {
            json.WriteRawMember(name, raw);
        }
    }

    private static string TextWithFormat(JsonElement text)
    {
        var raw = JsonTree.Raw(text);
        if (text.ValueKind != JsonValueKind.Object || text.TryGetProperty("format", out _))
        {
            return raw;
        }

        var rest = raw.TrimStart()[1..].TrimStart();
        return rest.StartsWith('}') ? """{"format":{"type":"text"}}""" : $$"""{"format":{"type":"text"},{{rest}}""";
    }

    private static ReadOnlyMemory<byte> Rewrite(AnswerContext context)
    {
        var output = new ArrayBufferWriter<byte>();
        ResponsesRequestWriter.WriteEcho(context.Request with { Messages = [] }, output);
        return output.WrittenMemory;
    }
}
