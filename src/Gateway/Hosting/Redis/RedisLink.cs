using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace AIHigress.Gateway.Hosting.Redis;

/// <summary>
/// The connection to Redis, if one is configured. Whoever uses it can do without: an operation that Redis does not
/// answer in time is reported as not done, and after two of them nobody waits until Redis is well again.
/// </summary>
public sealed partial class RedisLink : BackgroundService
{
    /// <summary>Raised when what is stored changes its form; old entries are then left to their time to live.</summary>
    private const string KeyPrefix = "aih:1:";

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private readonly IOptionsMonitor<RedisOptions> _options;
    private readonly TimeProvider _time;
    private readonly ILogger<RedisLink> _logger;
    private readonly RedisBreaker _breaker = new();
    private readonly ConfigurationOptions? _configuration;
    private readonly Lock _gate = new();
    private readonly List<(string Channel, Action<string> Handler)> _listeners = [];
    private volatile Action<bool>[] _followers = [];
    private volatile ConnectionMultiplexer? _connection;

    public RedisLink(IOptionsMonitor<RedisOptions> options, TimeProvider time, ILogger<RedisLink> logger)
    {
        (_options, _time, _logger) = (options, time, logger);
        if (options.CurrentValue is { Url: { Length: > 0 } url } settings)
        {
            _configuration = RedisUrl.Parse(url, settings.Password);
        }
    }

    /// <summary>REDIS_URL is set.</summary>
    public bool IsConfigured => _configuration is not null;

    /// <summary>Redis is configured, connected, and answers in time.</summary>
    public bool IsUp => _connection is not null && !_breaker.IsOpen;

    /// <summary>Calls back with true when Redis can be used (again), with false when it can't any more; for the life of the process. Must be quick.</summary>
    public void OnChange(Action<bool> handler)
    {
        lock (_gate)
        {
            _followers = [.. _followers, handler];
        }
    }

    /// <summary>The full name of a key or channel.</summary>
    public static string Name(string name) => KeyPrefix + name;

    /// <summary>
    /// Asks Redis. Not done (default value) when it is not configured, away, or took longer than <paramref name="patience"/>
    /// (default: REDIS_SLOW_MS). An operation that is given up on may still happen.
    /// </summary>
    public async ValueTask<RedisAnswer<T>> TryAsync<T>(Func<IDatabase, Task<T>> operation, TimeSpan? patience = null)
    {
        if (_breaker.IsOpen || _connection is not { } connection)
        {
            return default;
        }

        try
        {
            var value = await operation(connection.GetDatabase()).WaitAsync(patience ?? TimeSpan.FromMilliseconds(_options.CurrentValue.SlowMs), _time);
            _breaker.Answered();
            return new RedisAnswer<T>(true, value);
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException or OperationCanceledException)
        {
            if (_breaker.Missed())
            {
                Fell(e);
            }

            return default;
        }
    }

    /// <summary>Tells all replicas, this one included. Lost when Redis is away: whoever listens must look for itself, too.</summary>
    public void Publish(string channel, string message) =>
        _connection?.GetSubscriber().Publish(RedisChannel.Literal(Name(channel)), message, CommandFlags.FireAndForget);

    /// <summary>Listens for the life of the process; what is published while Redis is away is not heard.</summary>
    public void Subscribe(string channel, Action<string> handler)
    {
        lock (_gate)
        {
            _listeners.Add((channel, handler));
            if (_connection is { } connection)
            {
                Listen(connection, channel, handler);
            }
        }
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_configuration is not null)
        {
            // Not waiting for a Redis that is away: the server starts without it and takes it up later.
            var connection = await ConnectionMultiplexer.ConnectAsync(_configuration);
            connection.ConnectionFailed += (_, e) => Lost(e.Exception);
            lock (_gate)
            {
                _connection = connection;
                foreach (var (channel, handler) in _listeners)
                {
                    Listen(connection, channel, handler);
                }
            }

            if (!connection.IsConnected)
            {
                Lost(null);
            }
        }

        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (Interlocked.Exchange(ref _connection!, null) is { } connection)
        {
            await connection.CloseAsync();
            await connection.DisposeAsync();
        }
    }

    /// <summary>While Redis is given up on, looks whether it is back.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_configuration is null)
        {
            return;
        }

        using var timer = new PeriodicTimer(LookEvery, _time);
        while (await NextAsync(timer, stoppingToken))
        {
            if (_breaker.IsOpen && await IsWellAsync() && _breaker.Close())
            {
                RedisIsBack(_logger);
                Tell(true);
            }
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<bool> IsWellAsync()
    {
        try
        {
            return _connection is { IsConnected: true } connection
                && await connection.GetDatabase().PingAsync().WaitAsync(TimeSpan.FromMilliseconds(_options.CurrentValue.SlowMs), _time) >= TimeSpan.Zero;
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException or OperationCanceledException)
        {
            return false;
        }
    }

    private void Lost(Exception? e)
    {
        if (_breaker.Open())
        {
            Fell(e);
        }
    }

    private void Fell(Exception? e)
    {
        RedisIsAway(_logger, e?.Message ?? "no connection");
        Tell(false);
    }

    private void Tell(bool isUp) => Array.ForEach(_followers, follower => follower(isUp));

    private static void Listen(ConnectionMultiplexer connection, string channel, Action<string> handler) =>
        connection.GetSubscriber().Subscribe(RedisChannel.Literal(Name(channel)), (_, message) => handler(message.ToString()), CommandFlags.FireAndForget);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis is away or slow ({Reason}); this replica counts for itself until it is back")]
    private static partial void RedisIsAway(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Redis answers in time again")]
    private static partial void RedisIsBack(ILogger logger);
}

/// <summary>What Redis said.</summary>
/// <param name="Done">False when it was not asked or did not answer in time.</param>
/// <param name="Value">The answer, when done.</param>
public readonly record struct RedisAnswer<T>(bool Done, T? Value)
{
    public bool Has([NotNullWhen(true)] out T? value)
    {
        value = Value;
        return Done && value is not null;
    }
}
