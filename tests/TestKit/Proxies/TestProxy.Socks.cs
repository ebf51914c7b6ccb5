using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace AIHigress.TestKit.Proxies;

public sealed partial class TestProxy
{
    private async Task ServeSocksAsync(Stream client)
    {
        var methods = await ReadAsync(client, (await ReadAsync(client, 2))[1]);
        byte wanted = Credentials is null ? (byte)0 : (byte)2;
        if (!methods.Contains(wanted))
        {
            await client.WriteAsync((byte[])[5, 255], _end.Token);
            return;
        }

        await client.WriteAsync((byte[])[5, wanted], _end.Token);
        if (wanted == 2 && !await SignInAsync(client))
        {
            return;
        }

        var head = await ReadAsync(client, 4);
        var host = head[3] switch
        {
            1 => new IPAddress(await ReadAsync(client, 4)).ToString(),
            4 => new IPAddress(await ReadAsync(client, 16)).ToString(),
            _ => Encoding.ASCII.GetString(await ReadAsync(client, (await ReadAsync(client, 1))[0])),
        };
        var port = BinaryPrimitives.ReadUInt16BigEndian(await ReadAsync(client, 2));
        if (Refusal is { } reply)
        {
            await client.WriteAsync((byte[])[5, (byte)reply, 0, 1, 0, 0, 0, 0, 0, 0], _end.Token);
            return;
        }

        using var upstream = await ConnectAsync(host, port);

        // Answered with a name, which clients must be able to skip as well as an address.
        await client.WriteAsync((byte[])[5, 0, 0, 3, 4, .. "here"u8, 0, 1], _end.Token);
        await PumpAsync(client, upstream);
    }

    private async Task<bool> SignInAsync(Stream client)
    {
        var user = Encoding.UTF8.GetString(await ReadAsync(client, (await ReadAsync(client, 2))[1]));
        var password = Encoding.UTF8.GetString(await ReadAsync(client, (await ReadAsync(client, 1))[0]));
        var ok = Credentials == (user, password);
        await client.WriteAsync((byte[])[1, ok ? (byte)0 : (byte)1], _end.Token);
        return ok;
    }

    private async Task<byte[]> ReadAsync(Stream client, int count)
    {
        var bytes = new byte[count];
        await client.ReadExactlyAsync(bytes, _end.Token);
        return bytes;
    }
}
