using System.Collections.Concurrent;
using AIHigress.Gateway.Features.Providers.Proxies;

namespace AIHigress.Gateway.DataPlane.Upstream.Proxies;

/// <summary>
/// The handlers that hold connections through proxies, one per proxy and class. Those whose proxy is gone or changed
/// are let go, and the longest unused when there are too many.
/// </summary>
internal sealed class ProxiedHandlers(ProxyPool pool, TargetGuard guard, ProxyTrust trust, TimeProvider time) : IDisposable
{
    private const int Most = 256;
    private readonly ConcurrentDictionary<HandlerClass, SharedHandler> _handlers = new();
    private object? _swept;

    public int Count => _handlers.Count;

    public SharedHandler Take(HandlerClass wanted)
    {
        Sweep();
        while (true)
        {
            var handler = _handlers.TryGetValue(wanted, out var known)
                ? known
                : _handlers.GetOrAdd(wanted, k => new SharedHandler(() => new HttpMessageInvoker(Create(k), disposeHandler: true)));
            if (handler.TryEnter(time.GetTimestamp()))
            {
                return handler;
            }

            _handlers.TryRemove(KeyValuePair.Create(wanted, handler));
        }
    }

    public void Dispose()
    {
        foreach (var wanted in _handlers.Keys)
        {
            Retire(wanted);
        }
    }

    private void Sweep()
    {
        var generation = pool.Generation;
        var before = Volatile.Read(ref _swept);
        if (!ReferenceEquals(before, generation) && ReferenceEquals(Interlocked.CompareExchange(ref _swept, generation, before), before))
        {
            foreach (var wanted in _handlers.Keys.Where(k => !pool.Holds(k.Proxy)))
            {
                Retire(wanted);
            }
        }

        if (_handlers.Count > Most)
        {
            foreach (var (wanted, _) in _handlers.OrderBy(pair => pair.Value.UsedAt).Take(Most / 8))
            {
                Retire(wanted);
            }
        }
    }

    private void Retire(HandlerClass wanted)
    {
        if (_handlers.TryRemove(wanted, out var handler))
        {
            handler.Retire();
        }
    }

    private HttpMessageHandler Create(HandlerClass wanted)
    {
        var dialer = new ProxyDialer(wanted.Proxy, wanted.IsOpen, wanted.Connect, guard, trust, pool.Failed);
        return CreateOver(dialer, wanted, pool.Failed);
    }

    public static HttpMessageHandler CreateOver(ProxyDialer dialer, HandlerClass wanted, Action<ProxyRoute, string> failed)
    {
        // The dialer times its steps one by one, for only then it is known whose step was slow; this bounds the TLS after them.
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = wanted.Connect * 4,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = wanted.Forwards,
            Proxy = wanted.Forwards ? new OneProxy(wanted.Proxy) : null,
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = true,
            MaxResponseHeadersLength = UpstreamTransports.ResponseHeaderKib,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            ResponseDrainTimeout = TimeSpan.Zero,
            ConnectCallback = wanted.Forwards ? (_, cancellationToken) => dialer.ReachAsync(cancellationToken) : dialer.TunnelAsync,
        };
        return wanted.Forwards ? new ForwardingHandler(handler, wanted.Proxy, failed) : handler;
    }
}

/// <param name="Proxy">The way; with other credentials it is another one.</param>
/// <param name="IsOpen">Whether private addresses may be called behind it.</param>
/// <param name="Connect">Time for each step of connecting.</param>
/// <param name="Forwards">Plain http is forwarded, not tunnelled.</param>
internal readonly record struct HandlerClass(ProxyRoute Proxy, bool IsOpen, TimeSpan Connect, bool Forwards)
{
    public static HandlerClass Of(ProxyRoute proxy, bool isOpen, TimeSpan connect, Uri target) =>
        // Only a tunnel can be given a checked address.
        new(proxy, isOpen, connect, isOpen && target.Scheme == Uri.UriSchemeHttp && proxy.Scheme is ProxyScheme.Http or ProxyScheme.Https);
}

/// <summary>A handler that is disposed when it is let go and its last request has its headers.</summary>
internal sealed class SharedHandler(Func<HttpMessageInvoker> create)
{
    private readonly Lazy<HttpMessageInvoker> _invoker = new(create);
    private int _users = 1;
    private long _usedAt;

    public HttpMessageInvoker Invoker => _invoker.Value;

    public long UsedAt => Volatile.Read(ref _usedAt);

    public bool TryEnter(long now)
    {
        Volatile.Write(ref _usedAt, now);
        var seen = Volatile.Read(ref _users);
        while (seen > 0)
        {
            var before = Interlocked.CompareExchange(ref _users, seen + 1, seen);
            if (before == seen)
            {
                return true;
            }

            seen = before;
        }

        return false;
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0 && _invoker.IsValueCreated)
        {
            _invoker.Value.Dispose();
        }
    }

    /// <summary>Gives back the place that the cache holds.</summary>
    public void Retire() => Leave();
}
