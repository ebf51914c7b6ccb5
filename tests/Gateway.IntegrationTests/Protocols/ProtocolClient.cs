using System.Text;
using System.Text.Json.Nodes;
using AIHigress.Gateway.IntegrationTests.Kit;
using AIHigress.TestKit.Grammar;

namespace AIHigress.Gateway.IntegrationTests.Protocols;

/// <summary>A client of one protocol: how it asks and how it reads, by the published formats alone.</summary>
public sealed record ProtocolClient(string Protocol)
{
    public static readonly IReadOnlyList<string> Protocols = ["chat", "responses", "messages", "gemini"];

    private const string Weather = """{"type":"object","properties":{"a":{"type":"string"}}}""";

    private static readonly Dictionary<string, (string Body, string Tools)> Requests = new()
    {
        ["chat"] = (
            """{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Say something."}]}""",
            """[{"type":"function","function":{"name":"weather","description":"Tells it.","parameters":SCHEMA}}]"""),
        ["responses"] = (
            """{"instructions":"Be brief.","input":"Say something.","store":false}""",
            """[{"type":"function","name":"weather","description":"Tells it.","parameters":SCHEMA}]"""),
        ["messages"] = (
            """{"max_tokens":1000,"system":"Be brief.","messages":[{"role":"user","content":"Say something."}]}""",
            """[{"name":"weather","description":"Tells it.","input_schema":SCHEMA}]"""),
        ["gemini"] = (
            """{"contents":[{"role":"user","parts":[{"text":"Say something."}]}],"systemInstruction":{"parts":[{"text":"Be brief."}]}}""",
            """[{"functionDeclarations":[{"name":"weather","description":"Tells it.","parametersJsonSchema":SCHEMA}]}]"""),
    };

    /// <summary>Where requests go; Gemini's name the model in the path.</summary>
    public string Path => Protocol switch { "chat" => "/v1/chat/completions", "responses" => "/v1/responses", "messages" => "/v1/messages", _ => "/v1beta/models" };

    /// <summary>A request with a text, and one tool if wanted.</summary>
    /// <param name="model">The model to ask.</param>
    /// <param name="stream">Whether the answer is streamed.</param>
    /// <param name="tools">Whether a tool is offered.</param>
    /// <param name="extra">Further members, as JSON.</param>
    public HttpRequestMessage Ask(string model, bool stream = false, bool tools = false, string extra = "{}")
    {
        var (text, offered) = Requests[Protocol];
        var body = JsonNode.Parse(text)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(extra)!.AsObject())
        {
            body[name] = value?.DeepClone();
        }

        if (tools)
        {
            body["tools"] = JsonNode.Parse(offered.Replace("SCHEMA", Weather, StringComparison.Ordinal));
        }

        if (Protocol == "gemini")
        {
            return Post($"/v1beta/models/{model}:{(stream ? "streamGenerateContent?alt=sse" : "generateContent")}", body.ToJsonString());
        }

        body["model"] = model;
        if (stream)
        {
            body["stream"] = true;
            if (Protocol == "chat")
            {
                body["stream_options"] = new JsonObject { ["include_usage"] = true };
            }
        }

        return Post(Path, body.ToJsonString());
    }

    /// <summary>A request straight to an upstream that speaks this protocol.</summary>
    public HttpRequestMessage AskDirect(Uri upstream, string model, bool tools)
    {
        var request = Ask(model, stream: true, tools);
        request.RequestUri = new Uri(upstream, request.RequestUri!.OriginalString);
        return request;
    }

    public HttpRequestMessage Post(string path, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (Protocol == "messages")
        {
            request.Headers.Add("anthropic-version", "2023-06-01");
        }

        return request;
    }

    /// <summary>What the client holds in the end; the strict checker refuses any answer that its protocol does not allow.</summary>
    public SeenAnswer Read(ChatReply reply, bool stream)
    {
        var body = Encoding.UTF8.GetBytes(reply.Body);
        return Protocol switch
        {
            "chat" => stream ? new ChatGrammar(UsageAsked: true).Stream(body) : new ChatGrammar().Plain(body),
            "responses" => stream ? new ResponsesGrammar().Stream(body) : new ResponsesGrammar().Plain(body),
            "messages" => stream ? new MessagesGrammar().Stream(body) : new MessagesGrammar().Plain(body),
            _ => stream ? new GeminiGrammar().Stream(body) : new GeminiGrammar().Plain(body),
        };
    }
}
