using System.Diagnostics.Metrics;
using AIHigress.Gateway.DataPlane.Routing;
using AIHigress.Gateway.Hosting.Redis;
using AIHigress.Gateway.Hosting.Telemetry;

namespace AIHigress.Gateway.DataPlane.Replicas;

/// <summary>
/// Tells the other replicas every two seconds what changed here (measurements, circuits, keys that rest), and at once
/// what an attempt that failed may have changed; takes over what they tell. Nothing of it is on a request's time, and
/// without Redis each replica knows what it saw itself.
/// </summary>
internal sealed class ReplicaExchange : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private const string Channel = "replicas";
    private const int EntriesPerMessage = 500;

    // Failures come in swarms; those of one swarm go in one message.
    private static readonly TimeSpan Swarm = TimeSpan.FromMilliseconds(50);
    private readonly string _self = Guid.NewGuid().ToString("N");
    private readonly RedisLink _redis;
    private readonly ReplicaSignal _signal;
    private readonly TimeProvider _time;
    private readonly OwnNews _own;
    private readonly RemoteParts _others;
    private readonly Meter _meter = new(GatewayTelemetry.Name);
    private volatile bool _tellAll;
    private volatile bool _sayHello = true;

    public ReplicaExchange(RedisLink redis, UpstreamBoard board, ReplicaSignal signal, TimeProvider time)
    {
        (_redis, _signal, _time) = (redis, signal, time);
        _own = new OwnNews(board, time);
        _others = new RemoteParts(board, time);
        if (redis.IsConfigured)
        {
            _meter.CreateObservableGauge("aihigress.replicas.others", () => _others.Count, "{replica}", "Other replicas that this one hears of");
        }
    }

    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_redis.IsConfigured)
        {
            return;
        }

        _signal.Follow();
        _redis.Subscribe(Channel, Hear);
        _redis.OnChange(isUp => _sayHello |= isUp);
        var last = _time.GetTimestamp();
        try
        {
            while (true)
            {
                var left = Interval - _time.GetElapsedTime(last);
                if (left > TimeSpan.Zero && await _signal.WaitAsync(left, _time, stoppingToken))
                {
                    await Task.Delay(Swarm, _time, stoppingToken);
                    var (upstreams, keys) = _signal.Take();
                    Send(_own.Circuits(upstreams), _own.Keys(keys), isBeat: false);
                }
                else if (left <= TimeSpan.Zero)
                {
                    last = _time.GetTimestamp();
                    Beat();
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            _redis.Publish(Channel, new ReplicaMessage(_self, Goodbye: true).Text());
        }
    }

    private void Beat()
    {
        _others.Expire();
        if (!_redis.IsUp)
        {
            // Nobody hears; all is told when Redis is back.
            _tellAll = true;
            return;
        }

        if (_sayHello)
        {
            _sayHello = false;
            _tellAll = true;
            _redis.Publish(Channel, new ReplicaMessage(_self, Hello: true).Text());
        }

        if (_tellAll)
        {
            _tellAll = false;
            _own.Forget();
        }

        Send(_own.Upstreams(), _own.Keys(), isBeat: true);
    }

    /// <param name="upstreams">Circuits and measurements.</param>
    /// <param name="keys">Rests.</param>
    /// <param name="isBeat">Sent even when there is nothing to tell: that this replica is there.</param>
    private void Send(List<UpstreamNews> upstreams, List<KeyNews> keys, bool isBeat)
    {
        for (var at = 0; at < upstreams.Count || at < keys.Count || (isBeat && at == 0); at += EntriesPerMessage)
        {
            var message = new ReplicaMessage(_self)
            {
                Upstreams = [.. upstreams.Skip(at).Take(EntriesPerMessage)],
                Keys = [.. keys.Skip(at).Take(EntriesPerMessage)],
            };
            _redis.Publish(Channel, message.Text());
        }
    }

    private void Hear(string text)
    {
        if (ReplicaMessage.Read(text) is not { } message || message.From == _self)
        {
            return;
        }

        if (message.Hello)
        {
            _tellAll = true;
        }

        _others.Take(message);
    }
}
