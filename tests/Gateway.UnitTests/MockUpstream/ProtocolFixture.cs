using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace AIHigress.Gateway.UnitTests.MockUpstream;

/// <summary>Asks the mock in any of its protocols, by hand.</summary>
public abstract class ProtocolFixture : MockFixture
{
    public const string Chat = "chat";
    public const string Messages = "messages";
    public const string Responses = "responses";
    public const string Gemini = "gemini";
    public const string GeminiArray = "gemini array";

    /// <summary>Every protocol but Chat, which has its own tests.</summary>
    public static TheoryData<string> Others => [Messages, Responses, Gemini, GeminiArray];

    public static TheoryData<string> All => [Chat, Messages, Responses, Gemini];

    /// <summary>An ordinary request.</summary>
    /// <param name="more">Further members of the body, with a comma before them.</param>
    protected static HttpRequestMessage Ask(string protocol, string model, bool stream, string more = "")
    {
        var (path, body) = protocol switch
        {
            Chat => ("v1/chat/completions", $$"""{"model":"{{model}}","messages":[{"role":"user","content":"hello"}]"""),
            Messages => ("v1/messages", $$"""{"model":"{{model}}","max_tokens":100,"messages":[{"role":"user","content":"hello"}]"""),
            Responses => ("v1/responses", $$"""{"model":"{{model}}","input":"hello","include":[]"""),
            _ => ($"v1beta/models/{model}:{(stream ? "streamGenerateContent" : "generateContent")}{(protocol == Gemini ? "?alt=sse" : "")}",
                """{"contents":[{"role":"user","parts":[{"text":"hello"}]}]"""),
        };
        var streams = stream && protocol is not (Gemini or GeminiArray) ? ""","stream":true""" : "";
        return Post(protocol, path, $"{body}{streams}{more}}}");
    }

    protected static HttpRequestMessage Post(string protocol, string path, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (protocol == Messages)
        {
            request.Headers.Add("anthropic-version", "2023-06-01");
        }

        return request;
    }

    protected async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        }
    }

    protected async Task<string> TextAsync(HttpRequestMessage request)
    {
        using var response = await SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    protected async Task<JsonElement> JsonAsync(HttpRequestMessage request)
    {
        using var response = await SendAsync(request);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Status and message of the refusal.</summary>
    protected async Task<(int Status, string Message)> RefusalAsync(HttpRequestMessage request)
    {
        using var response = await SendAsync(request);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        return ((int)response.StatusCode, body.TryGetProperty("error", out var error) ? error.GetProperty("message").GetString()! : "");
    }
}
