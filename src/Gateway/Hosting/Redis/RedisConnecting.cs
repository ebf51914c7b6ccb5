using System.Text;
using StackExchange.Redis;

namespace AIHigress.Gateway.Hosting.Redis;

/// <summary>The first connection, tried until it is there: later ones are the driver's own work.</summary>
internal sealed class RedisConnecting(ConfigurationOptions configuration)
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);
    private volatile bool _stopped;

    /// <summary>Why the last try gave no connection.</summary>
    public string? LastFailure { get; private set; }

    /// <summary>A multiplexer, connected or still trying; null when <see cref="Cancel"/> came first.</summary>
    public async Task<ConnectionMultiplexer?> ConnectAsync()
    {
        while (!_stopped)
        {
            try
            {
                await using var log = new FailureLog();
                var connection = await ConnectionMultiplexer.ConnectAsync(configuration, log);
                if (!_stopped)
                {
                    LastFailure = log.Failure;
                    return connection;
                }

                await connection.DisposeAsync();
            }
            catch (Exception e) when (e is RedisException or TimeoutException or System.Net.Sockets.SocketException)
            {
                LastFailure = e.Message;
                await Task.Delay(Again);
            }
        }

        return null;
    }

    public void Cancel() => _stopped = true;

    /// <summary>The driver tells why it has no connection only to a log.</summary>
    private sealed class FailureLog : TextWriter
    {
        private volatile string? _failure;

        public override Encoding Encoding => Encoding.UTF8;

        public string? Failure => _failure;

        public override void WriteLine(string? value)
        {
            if (value?.Contains("WRONGPASS", StringComparison.Ordinal) == true || value?.Contains("NOAUTH", StringComparison.Ordinal) == true)
            {
                _failure = "it does not accept the user or password of REDIS_URL or REDIS_PASSWORD";
            }
        }
    }
}
