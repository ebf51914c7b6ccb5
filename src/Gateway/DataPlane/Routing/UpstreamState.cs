using System.Collections.Concurrent;

namespace AIHigress.Gateway.DataPlane.Routing;

/// <summary>The moving state of one upstream of one logical model; outlives route tables.</summary>
internal sealed class UpstreamState(TimeProvider time)
{
    private int _inFlight;

    public Measurements Measured { get; } = new(time);

    public Circuit Circuit { get; } = new(time);

    public int InFlight => Volatile.Read(ref _inFlight);

    public void Enter() => Interlocked.Increment(ref _inFlight);

    public void Leave() => Interlocked.Decrement(ref _inFlight);
}

/// <summary>The moving state of one provider: requests in flight.</summary>
internal sealed class ProviderState
{
    private int _inFlight;

    public int InFlight => Volatile.Read(ref _inFlight);

    public bool TryEnter(int? limit)
    {
        if (Interlocked.Increment(ref _inFlight) > (limit ?? int.MaxValue))
        {
            Interlocked.Decrement(ref _inFlight);
            return false;
        }

        return true;
    }

    public void Leave() => Interlocked.Decrement(ref _inFlight);
}

/// <summary>All moving state, by the names that stay the same when a new route table is published.</summary>
internal sealed class UpstreamBoard(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, UpstreamState> _upstreams = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ProviderState> _providers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, KeyState> _keys = new();

    public UpstreamState Upstream(string key) =>
        _upstreams.TryGetValue(key, out var state) ? state : _upstreams.GetOrAdd(key, static (_, t) => new UpstreamState(t), time);

    public ProviderState Provider(string id) =>
        _providers.TryGetValue(id, out var state) ? state : _providers.GetOrAdd(id, static _ => new ProviderState());

    public KeyState Key(Guid id) =>
        _keys.TryGetValue(id, out var state) ? state : _keys.GetOrAdd(id, static (_, t) => new KeyState(t), time);
}
