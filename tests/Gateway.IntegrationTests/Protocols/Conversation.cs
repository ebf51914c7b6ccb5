using System.Text.Json.Nodes;

namespace AIHigress.Gateway.IntegrationTests.Protocols;

/// <summary>One conversation with everything in it, in the words of each client protocol.</summary>
internal static class Conversation
{
    public const string Picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    public const string ResultPicture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";
    public const string Document = "JVBERi0xLjQKMSAwIG9iago8PD4+CmVuZG9iagp0cmFpbGVyCjw8Pj4KJSVFT0YK";
    public const string Schema = """{"type":"object","properties":{"mood":{"type":"string"}},"required":["mood"],"additionalProperties":false}""";

    private const string ToolSchema = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""";

    private static readonly Dictionary<string, string> Bodies = new()
    {
        ["chat"] = """
            {"messages":[
              {"role":"system","content":"Be exact."},
              {"role":"user","content":[
                {"type":"text","text":"Look at these."},
                {"type":"image_url","image_url":{"url":"data:image/png;base64,PICTURE"}},
                {"type":"file","file":{"filename":"report.pdf","file_data":"data:application/pdf;base64,DOCUMENT"}}]},
              {"role":"assistant","content":"I ask twice.","tool_calls":[
                {"id":"call_a","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Zürich\"}"}},
                {"id":"call_b","type":"function","function":{"name":"camera","arguments":"{\"city\":\"Genève\"}"}}]},
              {"role":"tool","tool_call_id":"call_a","content":"No such city."},
              {"role":"tool","tool_call_id":"call_b","content":"A street."},
              {"role":"user","content":"And now?"}],
             "tools":[
              {"type":"function","function":{"name":"weather","parameters":TOOL}},
              {"type":"function","function":{"name":"camera","parameters":TOOL}}],
             "tool_choice":{"type":"function","function":{"name":"camera"}},
             "response_format":{"type":"json_schema","json_schema":{"name":"mood","schema":SCHEMA}},
             "stop":["END"],"temperature":0.5,"max_tokens":321}
            """,
        ["responses"] = """
            {"instructions":"Be exact.","store":false,"input":[
              {"role":"user","content":[
                {"type":"input_text","text":"Look at these."},
                {"type":"input_image","image_url":"data:image/png;base64,PICTURE"},
                {"type":"input_file","filename":"report.pdf","file_data":"data:application/pdf;base64,DOCUMENT"}]},
              {"type":"message","role":"assistant","content":[{"type":"output_text","text":"I ask twice.","annotations":[]}]},
              {"type":"function_call","call_id":"call_a","name":"weather","arguments":"{\"city\":\"Zürich\"}"},
              {"type":"function_call","call_id":"call_b","name":"camera","arguments":"{\"city\":\"Genève\"}"},
              {"type":"function_call_output","call_id":"call_a","output":"No such city."},
              {"type":"function_call_output","call_id":"call_b","output":[{"type":"input_text","text":"A street."},{"type":"input_image","image_url":"data:image/png;base64,RESULT"}]},
              {"role":"user","content":"And now?"}],
             "tools":[{"type":"function","name":"weather","parameters":TOOL},{"type":"function","name":"camera","parameters":TOOL}],
             "tool_choice":{"type":"function","name":"camera"},
             "text":{"format":{"type":"json_schema","name":"mood","schema":SCHEMA}},
             "temperature":0.5,"max_output_tokens":321}
            """,
        ["messages"] = """
            {"system":[{"type":"text","text":"Be exact."}],"messages":[
              {"role":"user","content":[
                {"type":"text","text":"Look at these."},
                {"type":"image","source":{"type":"base64","media_type":"image/png","data":"PICTURE"}},
                {"type":"document","title":"report.pdf","source":{"type":"base64","media_type":"application/pdf","data":"DOCUMENT"}}]},
              {"role":"assistant","content":[
                {"type":"text","text":"I ask twice."},
                {"type":"tool_use","id":"call_a","name":"weather","input":{"city":"Zürich"}},
                {"type":"tool_use","id":"call_b","name":"camera","input":{"city":"Genève"}}]},
              {"role":"user","content":[
                {"type":"tool_result","tool_use_id":"call_a","is_error":true,"content":"No such city."},
                {"type":"tool_result","tool_use_id":"call_b","content":[{"type":"text","text":"A street."},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"RESULT"}}]},
                {"type":"text","text":"And now?"}]}],
             "tools":[{"name":"weather","input_schema":TOOL},{"name":"camera","input_schema":TOOL}],
             "tool_choice":{"type":"tool","name":"camera"},
             "output_config":{"format":{"type":"json_schema","schema":SCHEMA}},
             "stop_sequences":["END"],"temperature":0.5,"max_tokens":321}
            """,
        ["gemini"] = """
            {"systemInstruction":{"parts":[{"text":"Be exact."}]},"contents":[
              {"role":"user","parts":[
                {"text":"Look at these."},
                {"inlineData":{"mimeType":"image/png","data":"PICTURE"}},
                {"inlineData":{"mimeType":"application/pdf","data":"DOCUMENT"}}]},
              {"role":"model","parts":[
                {"text":"I ask twice."},
                {"functionCall":{"id":"call_a","name":"weather","args":{"city":"Zürich"}}},
                {"functionCall":{"id":"call_b","name":"camera","args":{"city":"Genève"}}}]},
              {"role":"user","parts":[
                {"functionResponse":{"id":"call_a","name":"weather","response":{"error":"No such city."}}},
                {"functionResponse":{"id":"call_b","name":"camera","response":{"result":"A street."},"parts":[{"inlineData":{"mimeType":"image/png","data":"RESULT"}}]}},
                {"text":"And now?"}]}],
             "tools":[{"functionDeclarations":[{"name":"weather","parametersJsonSchema":TOOL},{"name":"camera","parametersJsonSchema":TOOL}]}],
             "toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["camera"]}},
             "generationConfig":{"responseMimeType":"application/json","responseJsonSchema":SCHEMA,"stopSequences":["END"],"temperature":0.5,"maxOutputTokens":321}}
            """,
    };

    /// <summary>A picture by its address, where the protocol has such a thing.</summary>
    private static readonly Dictionary<string, string> Addressed = new()
    {
        ["chat"] = """{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"ADDRESS"}}]}]}""",
        ["responses"] = """{"store":false,"input":[{"role":"user","content":[{"type":"input_image","image_url":"ADDRESS"}]}]}""",
        ["messages"] = """{"max_tokens":50,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"ADDRESS"}}]}]}""",
    };

    public static HttpRequestMessage Whole(string protocol, string model) => new ProtocolClient(protocol).PostTo(model, Bodies[protocol]
        .Replace("PICTURE", Picture, StringComparison.Ordinal)
        .Replace("RESULT", ResultPicture, StringComparison.Ordinal)
        .Replace("DOCUMENT", Document, StringComparison.Ordinal)
        .Replace("SCHEMA", Schema, StringComparison.Ordinal)
        .Replace("TOOL", ToolSchema, StringComparison.Ordinal));

    public static HttpRequestMessage WithAddress(string protocol, string model, string address) =>
        new ProtocolClient(protocol).PostTo(model, Addressed[protocol].Replace("ADDRESS", address, StringComparison.Ordinal));

    /// <summary>A plain request with this body; the model is put where the protocol has it.</summary>
    public static HttpRequestMessage PostTo(this ProtocolClient client, string model, string body)
    {
        if (client.Protocol == "gemini")
        {
            return client.Post($"/v1beta/models/{model}:generateContent", body);
        }

        var named = JsonNode.Parse(body)!.AsObject();
        named["model"] = model;
        return client.Post(client.Path, named.ToJsonString());
    }
}
