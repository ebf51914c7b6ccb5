using System.Globalization;
using StackExchange.Redis;

namespace AIHigress.Gateway.IntegrationTests.Limits;

/// <summary>Redis as an operator sees it: what it was asked, by its own count.</summary>
internal sealed class RedisWatch(ConnectionMultiplexer connection) : IAsyncDisposable
{
    public static async Task<RedisWatch> ConnectAsync(int port) =>
        new(await ConnectionMultiplexer.ConnectAsync(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port},allowAdmin=true")));

    public IDatabase Database => connection.GetDatabase();

    /// <summary>How often a command ran since the server started.</summary>
    public async Task<long> CallsAsync(string command)
    {
        var info = (string?)await connection.GetDatabase().ExecuteAsync("INFO", "commandstats");
        var line = info!.Split('\n').FirstOrDefault(l => l.StartsWith($"cmdstat_{command}:calls=", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split('=', ',')[1], CultureInfo.InvariantCulture);
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
