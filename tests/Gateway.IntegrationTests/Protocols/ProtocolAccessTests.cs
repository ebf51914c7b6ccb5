using System.Text.Json;
using AIHigress.Gateway.IntegrationTests.Kit;

namespace AIHigress.Gateway.IntegrationTests.Protocols;

/// <summary>Who may not ask is refused at every endpoint, in its protocol's shape.</summary>
public sealed class ProtocolAccessTests(SharedWorlds worlds) : ProtocolTests(worlds)
{
    private const string Hidden = "text-over-openai";

    /// <summary>Protocol, method, path and body of every endpoint that names a model.</summary>
    public static TheoryData<string, string, string, string> Endpoints => new()
    {
        { "chat", "POST", "/v1/chat/completions", """{"model":"text-over-openai","messages":[{"role":"user","content":"a"}]}""" },
        { "chat", "POST", "/v1/completions", """{"model":"text-over-openai","prompt":"a"}""" },
        { "chat", "POST", "/v1/embeddings", """{"model":"text-over-openai","input":"a"}""" },
        { "responses", "POST", "/v1/responses", """{"model":"text-over-openai","store":false,"input":"a"}""" },
        { "messages", "POST", "/v1/messages", """{"model":"text-over-openai","max_tokens":9,"messages":[{"role":"user","content":"a"}]}""" },
        { "messages", "POST", "/v1/messages/count_tokens", """{"model":"text-over-openai","messages":[{"role":"user","content":"a"}]}""" },
        { "gemini", "POST", "/v1beta/models/text-over-openai:generateContent", """{"contents":[{"parts":[{"text":"a"}]}]}""" },
        { "gemini", "POST", "/v1beta/models/text-over-openai:streamGenerateContent?alt=sse", """{"contents":[{"parts":[{"text":"a"}]}]}""" },
        { "gemini", "POST", "/v1beta/models/text-over-openai:streamGenerateContent", """{"contents":[{"parts":[{"text":"a"}]}]}""" },
        { "gemini", "POST", "/v1beta/models/text-over-openai:countTokens", """{"contents":[{"parts":[{"text":"a"}]}]}""" },
        { "chat", "GET", "/v1/models/text-over-openai", "" },
        { "messages", "GET", "/v1/models/text-over-openai", "" },
        { "gemini", "GET", "/v1beta/models/text-over-openai", "" },
    };

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Endpoint_WhoMayNotAsk_IsRefusedInItsShape(string protocol, string method, string path, string body)
    {
        AssertError(protocol, await SendAsync(null, method, path, body, protocol), 401);
        AssertError(protocol, await SendAsync("sk-nobody-has-this-key-0123456789", method, path, body, protocol), 401);
        AssertError(protocol, await SendAsync(ProtocolModels.DisabledKey, method, path, body, protocol), 403);
        var hidden = await SendAsync(ProtocolModels.NarrowKey, method, path, body, protocol);
        AssertError(protocol, hidden, 404);
        Assert.Contains(Hidden, hidden.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chat", "/v1/models")]
    [InlineData("messages", "/v1/models")]
    [InlineData("gemini", "/v1beta/models")]
    public async Task List_WhoMayNotAsk_IsRefusedInItsShape(string protocol, string path)
    {
        AssertError(protocol, await SendAsync(null, "GET", path, "", protocol), 401);
        AssertError(protocol, await SendAsync("sk-nobody-has-this-key-0123456789", "GET", path, "", protocol), 401);
        AssertError(protocol, await SendAsync(ProtocolModels.DisabledKey, "GET", path, "", protocol), 403);
    }

    private async Task<ChatReply> SendAsync(string? key, string method, string path, string body, string protocol)
    {
        using var client = new ChatClient(World.Gateway.Address, key: null);
        using var request = new ProtocolClient(protocol).Post(path, body);
        request.Method = HttpMethod.Parse(method);
        request.Content = body.Length > 0 ? request.Content : null;
        if (key is not null)
        {
            var (name, value) = protocol switch { "messages" => ("x-api-key", key), "gemini" => ("x-goog-api-key", key), _ => ("Authorization", "Bearer " + key) };
            request.Headers.Add(name, value);
        }

        return await client.SendAsync(request);
    }

    private static void AssertError(string protocol, ChatReply reply, int status)
    {
        Assert.True(status == reply.Status, $"{reply.Status} {reply.Body}");
        switch (protocol)
        {
            case "gemini":
                Assert.Equal(
                    (status, status switch { 401 => "UNAUTHENTICATED", 403 => "PERMISSION_DENIED", _ => "NOT_FOUND" }),
                    (reply.Error.GetProperty("code").GetInt32(), reply.Error.GetProperty("status").GetString()));
                break;
            case "messages":
                Assert.Equal("error", reply.Json.GetProperty("type").GetString());
                Assert.Equal(status switch { 401 => "authentication_error", 403 => "permission_error", _ => "not_found_error" }, reply.Error.GetProperty("type").GetString());
                break;
            default:
                Assert.Equal(JsonValueKind.String, reply.Error.GetProperty("code").ValueKind);
                Assert.Equal(status switch { 401 => "authentication_error", 403 => "permission_error", _ => "invalid_request_error" }, reply.Error.GetProperty("type").GetString());
                break;
        }
    }
}
