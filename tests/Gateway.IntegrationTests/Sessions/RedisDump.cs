using StackExchange.Redis;

namespace AIHigress.Gateway.IntegrationTests.Sessions;

/// <summary>Everything that lies in a Redis database, as bytes: for looking for what must not be there. Conversations must begin as what the key ring sealed.</summary>
internal static class RedisDump
{
    // The head of every payload of Data Protection.
    private static readonly byte[] Sealed = [0x09, 0xF0, 0xC9, 0xF0];

    public static async Task<byte[]> AllAsync(string url)
    {
        var uri = new Uri(url);
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{uri.Host}:{uri.Port},allowAdmin=true");
        var number = int.Parse(uri.AbsolutePath.Trim('/'), System.Globalization.CultureInfo.InvariantCulture);
        var database = connection.GetDatabase(number);
        var all = new List<byte>();
        await foreach (var key in connection.GetServer(uri.Host, uri.Port).KeysAsync(number))
        {
            foreach (var value in await database.KeyTypeAsync(key) switch
            {
                RedisType.String => [await database.StringGetAsync(key)],
                RedisType.List => await database.ListRangeAsync(key),
                _ => Array.Empty<RedisValue>(),
            })
            {
                Assert.True(!key.ToString().Contains(":session-context:", StringComparison.Ordinal) || ((byte[])value!).AsSpan().StartsWith(Sealed), $"{key} lies open");
                all.AddRange((byte[])value!);
            }
        }

        Assert.True(all.Count > 0, "Redis holds nothing at all.");
        return [.. all];
    }
}
