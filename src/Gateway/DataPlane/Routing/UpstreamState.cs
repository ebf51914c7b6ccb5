using System.Collections.Concurrent;
using AIHigress.Gateway.DataPlane.Routing.Circuits;
using AIHigress.Gateway.Features.Models;
using AIHigress.Gateway.Features.Models.Policies;
using AIHigress.Gateway.Features.Providers;

namespace AIHigress.Gateway.DataPlane.Routing;

/// <summary>The moving state of one upstream of one logical model; outlives route tables.</summary>
internal sealed class UpstreamState(TimeProvider time, RoutingPolicies? policies = null)
{
    private int _inFlight;

    public Measurements Measured { get; } = new(time, policies);

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
internal sealed class UpstreamBoard(TimeProvider time, RoutingPolicies? policies = null)
{
    private readonly ConcurrentDictionary<string, UpstreamState> _upstreams = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ProviderState> _providers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, KeyState> _keys = new();
    private readonly RoutingPolicies _policies = policies ?? new RoutingPolicies();

    /// <summary>Every upstream that was ever planned, by <see cref="UpstreamRoute.Key"/>.</summary>
    public IEnumerable<KeyValuePair<string, UpstreamState>> Upstreams => _upstreams;

    /// <summary>Every provider key that was ever used.</summary>
    public IEnumerable<KeyValuePair<Guid, KeyState>> Keys => _keys;

    public UpstreamState Upstream(string key) =>
        _upstreams.TryGetValue(key, out var state) ? state : _upstreams.GetOrAdd(key, static (_, b) => b.NewUpstream(), this);

    /// <summary>The state of a route's upstream; looked up by name once per route table.</summary>
    public UpstreamState Of(UpstreamRoute route)
    {
        if (route.State is UpstreamState state)
        {
            return state;
        }

        var found = Upstream(route.Key);
        route.State = found;
        return found;
    }

    public ProviderState Of(ProviderRoute route)
    {
        if (route.State is ProviderState state)
        {
            return state;
        }

        var found = Provider(route.Id);
        route.State = found;
        return found;
    }

    public KeyState Of(ProviderKeyRoute route)
    {
        if (route.State is KeyState state)
        {
            return state;
        }

        var found = Key(route.Id);
        route.State = found;
        return found;
    }

    /// <summary>As <see cref="Of(UpstreamRoute)"/>, but null for one that was never planned.</summary>
    public UpstreamState? Find(UpstreamRoute route) => route.State as UpstreamState ?? _upstreams.GetValueOrDefault(route.Key);

    /// <summary>Null for one that was never looked at.</summary>
    public KeyState? Find(ProviderKeyRoute route) => route.State as KeyState ?? _keys.GetValueOrDefault(route.Id);

    public ProviderState Provider(string id) =>
        _providers.TryGetValue(id, out var state) ? state : _providers.GetOrAdd(id, static _ => new ProviderState());

    public KeyState Key(Guid id) =>
        _keys.TryGetValue(id, out var state) ? state : _keys.GetOrAdd(id, static (_, t) => new KeyState(t), time);

    private UpstreamState NewUpstream() => new(time, _policies);
}
