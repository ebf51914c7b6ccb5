using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using AIHigress.MockUpstream;
using AIHigress.MockUpstream.Scripting;

namespace AIHigress.Gateway.UnitTests.MockUpstream;

/// <summary>A mock upstream of its own for each test, and plain ways to ask it.</summary>
public abstract class MockFixture : IAsyncLifetime
{
    protected MockUpstreamServer Mock { get; private set; } = null!;

    protected HttpClient Http { get; private set; } = null!;

    protected virtual MockUpstreamOptions Options => new();

    public async ValueTask InitializeAsync()
    {
        Mock = await MockUpstreamHost.StartAsync(Options);
        Http = new HttpClient { BaseAddress = Mock.BaseAddress };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Mock.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static StringContent Ask(string model, bool stream = false, string more = "") => new(
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":"hello"}],"stream":{{(stream ? "true" : "false")}}{{more}}}""",
        Encoding.UTF8,
        "application/json");

    protected async Task<HttpResponseMessage> SendAsync(string model, bool stream = false, string more = "", CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions") { Content = Ask(model, stream, more) };
        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    /// <summary>The whole body of the answer as text.</summary>
    protected async Task<string> BodyAsync(string model, bool stream = false, string more = "")
    {
        using var response = await SendAsync(model, stream, more);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>The data of each event of the answer.</summary>
    protected async Task<List<string>> EventsAsync(string model, string more = "") =>
        [.. (await BodyAsync(model, stream: true, more)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(e => e["data: ".Length..])];

    protected async Task<JsonElement> JsonAsync(string model, string more = "")
    {
        using var document = JsonDocument.Parse(await BodyAsync(model, stream: false, more));
        return document.RootElement.Clone();
    }

    /// <summary>What comes over the wire until the mock ends or breaks the connection, and how it did.</summary>
    protected async Task<(string Text, SocketError End)> WireAsync(string model, bool stream)
    {
        var body = await Ask(model, stream).ReadAsStringAsync();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Mock.BaseAddress.Host, Mock.BaseAddress.Port);
        await socket.SendAsync(Encoding.UTF8.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: mock\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"));
        var received = new List<byte>();
        var buffer = new byte[65_536];
        try
        {
            while (await socket.ReceiveAsync(buffer) is var count and > 0)
            {
                received.AddRange(buffer.AsSpan(0, count));
            }

            return (Encoding.UTF8.GetString([.. received]), SocketError.Success);
        }
        catch (SocketException e)
        {
            return (Encoding.UTF8.GetString([.. received]), e.SocketErrorCode);
        }
    }

    protected static string Content(JsonElement answer) => answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;

    protected static Behaviour Gated(string gate, int? chunks = null) => new() { Gate = gate, Chunks = chunks };
}
