using AIHigress.Gateway.Common;
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

    // How long a start waits for Redis, and how often a Redis that is given up on is looked at. Real time, like the
    // patience of operations: what they wait for is another process, which no clock of ours moves.
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    // While it is used: a look that nobody waits for has more patience, so that one late answer is no alarm.
    private static readonly TimeSpan LeastPatience = TimeSpan.FromMilliseconds(500);

    private readonly IOptionsMonitor<RedisOptions> _options;
    private readonly ILogger<RedisLink> _logger;
    private readonly RedisBreaker _breaker = new();
    private readonly RedisMetrics _metrics;
    private readonly RedisConnecting? _connecting;
    private readonly int _database;
    private readonly Lock _gate = new();
    private readonly List<(string Channel, Action<string> Handler)> _listeners = [];
    private volatile Action<bool>[] _followers = [];
    private volatile ConnectionMultiplexer? _connection;
    private long _refusedAt = long.MinValue;

    public RedisLink(IOptionsMonitor<RedisOptions> options, ILogger<RedisLink> logger)
    {
        (_options, _logger) = (options, logger);
        if (options.CurrentValue is { Url: { Length: > 0 } url } settings)
        {
            var configuration = RedisUrl.Parse(url, settings.Password);
            _database = configuration.DefaultDatabase ?? 0;
            _connecting = new RedisConnecting(configuration);
        }

        _metrics = new RedisMetrics(this);
    }

    /// <summary>REDIS_URL is set.</summary>
    public bool IsConfigured => _connecting is not null;

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

    /// <summary>The full name of a key.</summary>
    public static string Name(string name) => KeyPrefix + name;

    /// <summary>
    /// Asks Redis. Not done (default value) when it is not configured, away, refuses, or took longer than <paramref name="patience"/>
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
            var value = await operation(connection.GetDatabase()).WaitAsync(patience ?? TimeSpan.FromMilliseconds(_options.CurrentValue.SlowMs));
            _breaker.Answered();
            return new RedisAnswer<T>(true, value);
        }
        catch (RedisServerException e)
        {
            // It answered, in time, that it can't: full, read-only, loading. Asking again costs nobody anything.
            _metrics.Failed("refused");
            Refused(e);
        }
        catch (Exception e) when (IsAbsence(e))
        {
            _metrics.Failed(e is TimeoutException ? "timeout" : "connection");
            if (_breaker.Missed())
            {
                Fell(e);
            }
        }

        return default;
    }

    /// <summary>Tells all replicas, this one included. Lost when Redis is away: whoever listens must look for itself, too.</summary>
    public void Publish(string channel, string message)
    {
        try
        {
            _ = _connection?.GetSubscriber().PublishAsync(ChannelOf(channel), message, CommandFlags.FireAndForget);
        }
        catch (Exception e) when (IsAbsence(e))
        {
            _metrics.Failed("connection");
        }
    }

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
        if (_connecting is not null)
        {
            // Not waiting for a Redis that is away: the server starts without it and takes it up later.
            var taken = TakeUpAsync(_connecting);
            if (await Task.WhenAny(taken, Task.Delay(StartPatience, cancellationToken)) == taken)
            {
                await taken;
            }
            else
            {
                Lost("no answer");
            }
        }

        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        _connecting?.Cancel();
        if (Interlocked.Exchange(ref _connection!, null) is { } connection)
        {
            await connection.CloseAsync();
            await connection.DisposeAsync();
        }
    }

    public override void Dispose()
    {
        _metrics.Dispose();
        base.Dispose();
    }

    /// <summary>While Redis is given up on, looks whether it is back; else whether it still answers, though no request may need it.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_connecting is null)
        {
            return;
        }

        using var timer = new PeriodicTimer(LookEvery);
        while (await timer.NextTurnAsync(stoppingToken))
        {
            if (!_breaker.IsOpen)
            {
                var patience = TimeSpan.FromMilliseconds(_options.CurrentValue.SlowMs);
                await TryAsync(db => db.PingAsync(), patience > LeastPatience ? patience : LeastPatience);
            }
            else if (await IsWellAsync() && _breaker.Close())
            {
                RedisIsBack(_logger);
                Tell(true);
            }
        }
    }

    private static bool IsAbsence(Exception e) => e is RedisException or TimeoutException or ObjectDisposedException or OperationCanceledException;

    private async Task TakeUpAsync(RedisConnecting connecting)
    {
        if (await connecting.ConnectAsync() is not { } connection)
        {
            return;
        }

        connection.ConnectionFailed += (_, e) => Lost(Reason(e.FailureType, e.Exception));
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
            Lost(connecting.LastFailure ?? "no connection");
        }
        else if (!_breaker.IsOpen)
        {
            Tell(true);
        }
    }

    private async Task<bool> IsWellAsync()
    {
        try
        {
            // The second connection carries the news of other replicas; without it Redis is half there.
            return _connection is { IsConnected: true } connection && connection.GetSubscriber().IsConnected()
                && await connection.GetDatabase().PingAsync().WaitAsync(TimeSpan.FromMilliseconds(_options.CurrentValue.SlowMs)) >= TimeSpan.Zero;
        }
        catch (Exception e) when (IsAbsence(e))
        {
            return false;
        }
    }

    private static string Reason(ConnectionFailureType type, Exception? e) =>
        type == ConnectionFailureType.AuthenticationFailure ? "it does not accept the user or password of REDIS_URL or REDIS_PASSWORD" : e?.Message ?? type.ToString();

    private void Lost(string reason)
    {
        if (_breaker.Open())
        {
            RedisIsAway(_logger, reason);
            Tell(false);
        }
    }

    private void Fell(Exception e)
    {
        RedisIsAway(_logger, e is TimeoutException ? $"no answer within {_options.CurrentValue.SlowMs} ms, twice" : e.Message);
        Tell(false);
    }

    private void Refused(RedisServerException e)
    {
        var now = Environment.TickCount64;
        var last = Volatile.Read(ref _refusedAt);
        if ((last == long.MinValue || now - last > 60_000) && Interlocked.CompareExchange(ref _refusedAt, now, last) == last)
        {
            RedisRefuses(_logger, e.Message);
        }
    }

    private void Tell(bool isUp) => Array.ForEach(_followers, follower => follower(isUp));

    /// <summary>Channels belong to the whole server, keys to one database of it: two installations must not hear each other.</summary>
    private RedisChannel ChannelOf(string channel) => RedisChannel.Literal(Name($"{_database}:{channel}"));

    private void Listen(ConnectionMultiplexer connection, string channel, Action<string> handler) =>
        connection.GetSubscriber().Subscribe(ChannelOf(channel), (_, message) => handler(message.ToString()), CommandFlags.FireAndForget);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis is away or slow ({Reason}); this replica counts for itself until it is back")]
    private static partial void RedisIsAway(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Redis answers in time again")]
    private static partial void RedisIsBack(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis refuses what it is asked ({Reason}); this replica counts for itself meanwhile. Said at most once a minute")]
    private static partial void RedisRefuses(ILogger logger, string reason);
}
