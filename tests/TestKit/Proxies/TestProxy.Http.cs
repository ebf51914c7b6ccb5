using System.Globalization;
using System.Text;

namespace AIHigress.TestKit.Proxies;

public sealed partial class TestProxy
{
    private async Task ServeHttpAsync(Stream client)
    {
        var head = await ReadHeadAsync(client);
        var (method, target, _) = head.Split("\r\n")[0].Split(' ') switch { [var m, var t, var v] => (m, t, v), _ => throw new IOException("No request.") };
        if (Credentials is var (user, password)
            && !head.Contains($"\r\nProxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}\r\n", StringComparison.OrdinalIgnoreCase))
        {
            await AnswerAsync(client, 407);
            return;
        }

        if (Refusal is { } status)
        {
            await AnswerAsync(client, status);
            return;
        }

        if (method == "CONNECT")
        {
            var colon = target.LastIndexOf(':');
            using var upstream = await ConnectAsync(target[..colon].Trim('[', ']'), int.Parse(target[(colon + 1)..], CultureInfo.InvariantCulture));
            await client.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), _end.Token);
            await PumpAsync(client, upstream);
            return;
        }

        // One request per connection: what else would come may be for another host.
        var address = new Uri(target);
        Forwarded++;
        using var server = await ConnectAsync(address.Host, address.Port);
        var lines = head.Split("\r\n").Where(l => !l.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase) && !l.StartsWith("Connection:", StringComparison.OrdinalIgnoreCase)).ToList();
        lines[0] = $"{method} {address.PathAndQuery} HTTP/1.1";
        lines.Insert(1, "Connection: close");
        await server.WriteAsync(Encoding.Latin1.GetBytes(string.Join("\r\n", lines)), _end.Token);
        await PumpAsync(client, server);
    }

    private async Task AnswerAsync(Stream client, int status)
    {
        await client.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), _end.Token);
        await client.FlushAsync(_end.Token);
    }

    /// <summary>To the empty line, byte by byte: what follows belongs to the upstream.</summary>
    private async Task<string> ReadHeadAsync(Stream client)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await client.ReadExactlyAsync(one, _end.Token);
            head.Append((char)one[0]);
        }

        return head.ToString();
    }
}
