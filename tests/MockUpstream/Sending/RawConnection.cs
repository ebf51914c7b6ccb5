using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace AIHigress.MockUpstream.Sending;

/// <summary>
/// The socket below Kestrel, for answers that no HTTP server gives: it lets the mock know that bytes have left
/// before it breaks the connection, and say what Kestrel would refuse to say.
/// </summary>
internal sealed class RawConnection(Exchange exchange)
{
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(5);

    private readonly Socket _socket = exchange.Context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes, exchange.ClientGone)..];
        }
    }

    public Task SendHeadAsync(int status, string contentType, KeyValuePair<string, string>[] headers, int? length)
    {
        var head = new StringBuilder($"HTTP/1.1 {status} {ReasonPhrases.GetReasonPhrase(status)}\r\nContent-Type: {contentType}\r\n{exchange.RequestIdHeader}: {exchange.RequestId}\r\n");
        head.Append(length is { } bytes ? $"Content-Length: {bytes}\r\n" : "Transfer-Encoding: chunked\r\n");
        foreach (var (name, value) in headers)
        {
            head.Append($"{name}: {value}\r\n");
        }

        return SendAsync(Encoding.UTF8.GetBytes(head.Append("\r\n").ToString()));
    }

    /// <summary>Header lines for as long as the client takes them.</summary>
    public async Task SendEndlessHeadersAsync()
    {
        await SendAsync("HTTP/1.1 200 OK\r\n"u8.ToArray());
        var filler = new string('f', 1000);
        for (var i = 1; ; i++)
        {
            await SendAsync(Encoding.ASCII.GetBytes($"x-filler-{i}: {filler}\r\n"));
        }
    }

    /// <summary>Drops the connection with a reset.</summary>
    public void Reset()
    {
        exchange.Break();
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Close(0);
        exchange.Context.Abort();
    }

    /// <summary>Ends our side in order and leaves the client time to read and go.</summary>
    public async Task CloseAsync()
    {
        _socket.Shutdown(SocketShutdown.Send);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(exchange.ClientGone);
        limit.CancelAfter(GoodbyeLimit);
        await Task.Delay(Timeout.InfiniteTimeSpan, limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        exchange.Context.Abort();
    }
}
