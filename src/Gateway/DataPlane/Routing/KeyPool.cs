using AIHigress.Gateway.DataPlane.Routing.Filters;
using AIHigress.Gateway.Features.Providers;

namespace AIHigress.Gateway.DataPlane.Routing;

/// <summary>Which of a provider's keys an attempt uses: the least busy for its weight among those that may be used now.</summary>
internal sealed class KeyPool(UpstreamBoard board)
{
    /// <summary>Whether an attempt could get a key and a place now; takes nothing.</summary>
    public Availability Availability(ProviderRoute provider)
    {
        var state = board.Of(provider);
        if (provider.MaxConcurrency is { } most && state.InFlight >= most)
        {
            return new Availability(Reasons.ProviderConcurrency, TimeSpan.FromSeconds(1));
        }

        if (provider.MaxQps is { } qps && state.Rate.WaitFor(qps) is { Ticks: > 0 } wait)
        {
            return new Availability(Reasons.ProviderRate, wait);
        }

        if (provider.AuthStyle == ProviderAuthStyle.None)
        {
            return default;
        }

        return provider.Keys.Count == 0 ? new Availability(Reasons.NoKeys, null) : KeyAvailability(provider.Keys);
    }

    /// <summary>Takes a place at the provider and a key, none of <paramref name="used"/>, <paramref name="wanted"/> if it is free; null when none is.</summary>
    public KeyLease? TryTake(ProviderRoute provider, IReadOnlyList<Guid> used, Guid? wanted = null)
    {
        var state = board.Of(provider);
        if (provider.AuthStyle == ProviderAuthStyle.None)
        {
            return Enter(provider, state) ? new KeyLease(state, null, null) : null;
        }

        if ((Wanted(provider.Keys, used, wanted) ?? Choose(provider.Keys, used)) is not { } key || !Enter(provider, state))
        {
            return null;
        }

        var keyState = board.Of(key);
        if (!keyState.TryEnter(key.MaxConcurrency))
        {
            state.Leave();
            return null;
        }

        if (key.MaxQps is { } qps && !keyState.Rate.TryTake(qps, out _))
        {
            keyState.Leave();
            state.Leave();
            return null;
        }

        return new KeyLease(state, key, keyState);
    }

    /// <summary>The key an attempt would get now; for explaining only.</summary>
    public ProviderKeyRoute? Preview(ProviderRoute provider) => Choose(provider.Keys, []);

    /// <summary>Keys that could be used now; for explaining only.</summary>
    public int Usable(ProviderRoute provider) => provider.Keys.Count(k => WaitFor(k) == TimeSpan.Zero);

    private static bool Enter(ProviderRoute provider, ProviderState state)
    {
        if (!state.TryEnter(provider.MaxConcurrency))
        {
            return false;
        }

        if (provider.MaxQps is { } qps && !state.Rate.TryTake(qps, out _))
        {
            state.Leave();
            return false;
        }

        return true;
    }

    private Availability KeyAvailability(IReadOnlyList<ProviderKeyRoute> keys)
    {
        TimeSpan? earliest = null;
        for (var i = 0; i < keys.Count; i++)
        {
            var wait = WaitFor(keys[i]);
            if (wait == TimeSpan.Zero)
            {
                return default;
            }

            earliest = earliest is null || wait < earliest ? wait : earliest;
        }

        return new Availability(Reasons.KeysPaused, earliest);
    }

    private TimeSpan WaitFor(ProviderKeyRoute key)
    {
        var state = board.Of(key);
        var rests = state.Rests;
        if (rests > TimeSpan.Zero)
        {
            return rests;
        }

        if (key.MaxConcurrency is { } most && state.InFlight >= most)
        {
            return TimeSpan.FromSeconds(1);
        }

        return key.MaxQps is { } qps ? state.Rate.WaitFor(qps) : TimeSpan.Zero;
    }

    private ProviderKeyRoute? Wanted(IReadOnlyList<ProviderKeyRoute> keys, IReadOnlyList<Guid> used, Guid? wanted) =>
        wanted is { } id && !used.Contains(id) && keys.FirstOrDefault(k => k.Id == id) is { } key && WaitFor(key) == TimeSpan.Zero ? key : null;

    // Least in flight per weight; equals are told apart by chance, in proportion to weight. Weight 0 comes last.
    private ProviderKeyRoute? Choose(IReadOnlyList<ProviderKeyRoute> keys, IReadOnlyList<Guid> used)
    {
        if (keys.Count == 1)
        {
            return !used.Contains(keys[0].Id) && WaitFor(keys[0]) == TimeSpan.Zero ? keys[0] : null;
        }

        ProviderKeyRoute? best = null;
        var bestLoad = double.MaxValue;
        foreach (var key in keys)
        {
            if (used.Contains(key.Id) || WaitFor(key) > TimeSpan.Zero)
            {
                continue;
            }

            // An exponential draw ÷ weight picks idle keys in proportion to their weights; requests in flight add to it.
            var chance = -Math.Log(1 - Random.Shared.NextDouble());
            var load = (board.Of(key).InFlight + chance) / Math.Max(key.Weight, 1e-9);
            if (load < bestLoad)
            {
                (best, bestLoad) = (key, load);
            }
        }

        return best;
    }
}

/// <summary>Default: usable. Otherwise why not, and how long that will last if known.</summary>
internal readonly record struct Availability(string? Reason, TimeSpan? Wait)
{
    public bool Usable => Reason is null;
}

/// <summary>A place at a provider and on one of its keys, given back exactly once.</summary>
internal sealed class KeyLease(ProviderState provider, ProviderKeyRoute? key, KeyState? state) : IDisposable
{
    private int _released;

    /// <summary>Null for a provider that needs no credential.</summary>
    public ProviderKeyRoute? Key { get; } = key;

    public KeyState? State { get; } = state;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            State?.Leave();
            provider.Leave();
        }
    }
}
