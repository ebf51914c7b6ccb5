using System.Net.Sockets;
using System.Text;
using AIHigress.Gateway.IntegrationTests.Kit;

namespace AIHigress.Gateway.IntegrationTests.DataPlane;

/// <summary>Paths, methods and headers that are not what they should be, and those that choose a route.</summary>
public sealed class RequestHeaderTests(SharedWorlds worlds) : ChatTests(worlds)
{
    [Theory]
    [InlineData("GET", "/v1/chat/completions", 405, "method_not_allowed", "POST")]
    [InlineData("DELETE", "/v1/chat/completions/", 405, "method_not_allowed", "POST")]
    [InlineData("POST", "/v1/models", 405, "method_not_allowed", "GET")]
    [InlineData("PUT", "/models", 405, "method_not_allowed", "GET")]
    [InlineData("DELETE", "/v1/models/plain", 405, "method_not_allowed", "GET")]
    [InlineData("POST", "/v1/chat/completion", 404, "not_found", null)]
    [InlineData("GET", "/v1", 404, "not_found", null)]
    [InlineData("GET", "/v1/", 404, "not_found", null)]
    [InlineData("POST", "/v1/../v1/nothing", 404, "not_found", null)]
    public async Task Request_ToNoEndpoint_IsRefusedInTheProtocolsShape(string method, string path, int status, string code, string? allow)
    {
        var reply = await World.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal((status, code), (reply.Status, reply.ErrorCode));
        Assert.Equal("application/json", reply.Headers["Content-Type"]);
        Assert.Equal(allow, reply.Headers.GetValueOrDefault("Allow"));
        Assert.True(Guid.TryParse(reply.Headers["X-Request-Id"], out _));
    }

    [Theory]
    [InlineData("3f2504e0-4f89-41d3-9a0c-0305e82c3301", true)]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAV", true)]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAI", false)]
    [InlineData("not an id", false)]
    [InlineData("3f2504e0-4f89-41d3-9a0c-0305e82c3301%0d%0aX-Evil: 1", false)]
    [InlineData("<script>alert(1)</script>", false)]
    public async Task Chat_ClientsOwnRequestId_IsEchoedOnlyIfItIsOne(string id, bool echoed)
    {
        var reply = await World.Client.SendAsync(ChatClient.Body("plain"), ("X-Request-Id", id));

        Assert.Equal(200, reply.Status);
        Assert.NotEqual(id, reply.Headers["X-Request-Id"]);
        Assert.Equal(echoed ? id : null, reply.Headers.GetValueOrDefault("X-Client-Request-Id"));
        Assert.DoesNotContain("X-Evil", reply.Headers.Keys);
        Assert.Equal(echoed ? id : null, (await World.Logs.OneAsync(reply.RequestId)).ClientRequestId);
    }

    [Fact]
    public async Task Chat_LineEndInARequestId_MakesNoHeaderOfOurs()
    {
        var body = ChatClient.Body("plain");
        var answer = await SendRawAsync(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {GatewaySite.Key}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {body.Length}\r\nConnection: close\r\nX-Request-Id: 3f2504e0-4f89-41d3-9a0c-0305e82c3301\n X-Evil: 1\r\n\r\n{body}");

        var head = answer[..answer.IndexOf("\r\n\r\n", StringComparison.Ordinal)];
        Assert.StartsWith("HTTP/1.1 400", head, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Evil", head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Route-Strategy", "fastest")]
    [InlineData("X-Route-Strategy", "")]
    [InlineData("X-Route-Providers", ",,")]
    [InlineData("X-Route-Exclude", " ")]
    [InlineData("X-Request-Timeout-Ms", "0")]
    [InlineData("X-Request-Timeout-Ms", "-5")]
    [InlineData("X-Request-Timeout-Ms", "1e3")]
    [InlineData("X-Request-Timeout-Ms", "99999999999")]
    [InlineData("X-Request-Timeout-Ms", "5000,6000")]
    public async Task Chat_BadChoice_IsRefusedNamingTheHeader(string header, string value)
    {
        var reply = await World.Client.SendAsync(ChatClient.Body("plain"), (header, value));

        Assert.Equal((400, "invalid_request", header), (reply.Status, reply.ErrorCode, reply.Error.GetProperty("param").GetString()));
        Assert.Contains(header, reply.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Route-Providers", "another-one")]
    [InlineData("X-Route-Exclude", "up-plain, another-one")]
    public async Task Chat_ChoicesLeaveNoProvider_IsRefused(string header, string value)
    {
        var reply = await World.Client.SendAsync(ChatClient.Body("plain"), (header, value));

        Assert.Equal((400, "invalid_request"), (reply.Status, reply.ErrorCode));
        Assert.Contains("X-Route", reply.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_OwnTimeoutIsOver_Is504()
    {
        var reply = await World.Client.SendAsync(ChatClient.Body("slow"), ("X-Request-Timeout-Ms", "300"));

        Assert.Equal((504, "upstream_timeout", "1"), (reply.Status, reply.ErrorCode, reply.Attempts));
    }

    [Fact]
    public async Task Chat_PrivateHostThatIsNotAllowed_IsNeverConnectedTo()
    {
        var connections = (await World.Mock.Control.RequestsAsync()).Count(r => r.Key == GatewayDeclaration.SecretOf("guarded"));

        var reply = await World.Client.AskAsync("guarded");

        Assert.Equal((502, "upstream_failed"), (reply.Status, reply.ErrorCode));
        Faults.Secrecy.AssertKept(reply, World.Mock.BaseAddress);
        Assert.Contains("private", (await World.Logs.OneAsync(reply.RequestId)).Detail, StringComparison.Ordinal);
        Assert.Equal(0, connections);
        Assert.DoesNotContain(await World.Mock.Control.RequestsAsync(), r => r.Key == GatewayDeclaration.SecretOf("guarded"));
    }

    private async Task<string> SendRawAsync(string request)
    {
        var address = new Uri(World.Gateway.Address);
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return await reader.ReadToEndAsync();
    }
}
