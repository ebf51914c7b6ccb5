using System.Collections.Concurrent;
using AIHigress.Gateway.Hosting.Redis;
using StackExchange.Redis;

namespace AIHigress.Gateway.DataPlane.Limits;

/// <summary>What this replica counts of one key, user, group, provider or provider key, and the names under which Redis counts it for all.</summary>
internal sealed class LimitSubject(string name, TimeProvider time)
{
    private int _places;

    /// <summary>Requests per minute.</summary>
    public Gcra Requests { get; } = new(time);

    /// <summary>Tokens per minute.</summary>
    public Gcra Tokens { get; } = new(time);

    /// <summary>Requests per second.</summary>
    public Gcra Seconds { get; } = new(time);

    public RedisKey RequestsName { get; } = RedisLink.Name($"limit:{name}:requests");

    public RedisKey TokensName { get; } = RedisLink.Name($"limit:{name}:tokens");

    public RedisKey SecondsName { get; } = RedisLink.Name($"limit:{name}:seconds");

    public RedisKey PlacesName { get; } = RedisLink.Name($"limit:{name}:places");

    /// <summary>Requests of this replica that run now; only counted while a limit applies.</summary>
    public int Places => Volatile.Read(ref _places);

    public bool TryEnter(int limit)
    {
        if (Interlocked.Increment(ref _places) > limit)
        {
            Interlocked.Decrement(ref _places);
            return false;
        }

        return true;
    }

    /// <summary>Takes a place though there may be none.</summary>
    public void Enter() => Interlocked.Increment(ref _places);

    public void Leave() => Interlocked.Decrement(ref _places);
}

/// <summary>The counts of all that have limits, by names that outlive snapshots and route tables.</summary>
internal sealed class LimitBoard(TimeProvider time)
{
    private readonly ConcurrentDictionary<(LimitScope Scope, Guid Id), LimitSubject> _subjects = new();
    private readonly ConcurrentDictionary<string, LimitSubject> _providers = new(StringComparer.Ordinal);

    public LimitSubject Of(LimitScope scope, Guid id) => _subjects.TryGetValue((scope, id), out var found)
        ? found
        : _subjects.GetOrAdd((scope, id), static (key, clock) => new LimitSubject($"{Letter(key.Scope)}:{key.Id:N}", clock), time);

    public LimitSubject OfProvider(string id) => _providers.TryGetValue(id, out var found)
        ? found
        : _providers.GetOrAdd(id, static (provider, clock) => new LimitSubject($"p:{provider}", clock), time);

    private static char Letter(LimitScope scope) => scope switch
    {
        LimitScope.Key => 'k',
        LimitScope.User => 'u',
        LimitScope.Group => 'g',
        _ => 'c',
    };
}
