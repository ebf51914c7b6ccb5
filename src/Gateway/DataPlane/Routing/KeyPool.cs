using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.DataPlane.Limits;
using AIHigress.Gateway.DataPlane.Routing.Filters;
using AIHigress.Gateway.Features.Providers;

namespace AIHigress.Gateway.DataPlane.Routing;

/// <summary>Which of a provider's keys an attempt uses: the least busy for its weight among those that may be used now.</summary>
internal sealed class KeyPool(UpstreamBoard board, UpstreamLimits limits)
{
    /// <summary>Whether an attempt could get a key and a place now; takes nothing.</summary>
    public Availability Availability(ProviderRoute provider)
    {
        var state = board.Of(provider);
        if (provider.MaxConcurrency is { } most && state.InFlight >= most)
        {
            return new Availability(Reasons.ProviderConcurrency, LimitRefusal.PlaceWait);
        }

        if (limits.WaitFor(provider) is { Ticks: > 0 } wait)
        {
            return new Availability(Reasons.ProviderRate, wait);
        }

        if (provider.AuthStyle == ProviderAuthStyle.None)
        {
            return default;
        }

        return provider.Keys.Count == 0 ? new Availability(Reasons.NoKeys, null) : KeyAvailability(provider.Keys);
    }

    /// <summary>
    /// Takes a place at the provider and a key, none of <paramref name="used"/>, <paramref name="wanted"/> if it is free; null when none is.
    /// Limits are asked over all replicas, so a key that others have used up is passed over for the next.
    /// </summary>
    /// <param name="provider">The provider.</param>
    /// <param name="used">Keys not to take.</param>
    /// <param name="wanted">The key to take if it can be had.</param>
    /// <param name="call">The request, for what it may use of limits of tokens; null: nothing.</param>
    public async ValueTask<KeyLease?> TryTakeAsync(ProviderRoute provider, IReadOnlyList<Guid> used, Guid? wanted = null, InboundCall? call = null)
    {
        var state = board.Of(provider);
        if (!state.TryEnter(provider.MaxConcurrency))
        {
            return null;
        }

        var lease = provider.AuthStyle == ProviderAuthStyle.None
            ? (await TakeAsync(provider, state, null, call)).Lease
            : await TakeKeyAsync(provider, state, used, wanted, call);
        if (lease is null)
        {
            state.Leave();
        }

        return lease;
    }

    private async ValueTask<KeyLease?> TakeKeyAsync(ProviderRoute provider, ProviderState state, IReadOnlyList<Guid> used, Guid? wanted, InboundCall? call)
    {
        List<Guid>? passed = null;
        while ((Wanted(provider.Keys, passed ?? used, wanted) ?? Choose(provider.Keys, passed ?? used)) is { } key)
        {
            if (board.Of(key).TryEnter(key.MaxConcurrency))
            {
                var (lease, refused) = await TakeAsync(provider, state, key, call);
                if (lease is not null)
                {
                    return lease;
                }

                board.Of(key).Leave();
                if (refused == LimitScope.Provider)
                {
                    return null;
                }
            }

            (passed ??= [.. used]).Add(key.Id);
        }

        return null;
    }

    private async ValueTask<(KeyLease? Lease, LimitScope? Refused)> TakeAsync(ProviderRoute provider, ProviderState state, ProviderKeyRoute? key, InboundCall? call)
    {
        var (hold, refused) = await limits.TakeAsync(provider, key, call);
        return refused is null ? (new KeyLease(state, key, key is null ? null : board.Of(key), hold), null) : (null, refused);
    }

    /// <summary>The key an attempt would get now; for explaining only.</summary>
    public ProviderKeyRoute? Preview(ProviderRoute provider) => Choose(provider.Keys, []);

    /// <summary>Keys that could be used now; for explaining only.</summary>
    public int Usable(ProviderRoute provider) => provider.Keys.Count(k => WaitFor(k) == TimeSpan.Zero);

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
            return LimitRefusal.PlaceWait;
        }

        return limits.WaitFor(key);
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
internal sealed class KeyLease(ProviderState provider, ProviderKeyRoute? key, KeyState? state, UpstreamHold? hold) : IDisposable
{
    private int _released;

    /// <summary>Null for a provider that needs no credential.</summary>
    public ProviderKeyRoute? Key { get; } = key;

    public KeyState? State { get; } = state;

    /// <summary>An attempt that is given back without an answer used no tokens.</summary>
    public void Dispose() => Release(0);

    /// <summary>Gives the place back. Only the first call does anything.</summary>
    /// <param name="tokens">What the attempt used, for limits of tokens.</param>
    public void Release(long tokens)
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            State?.Leave();
            provider.Leave();
            hold?.Settle(tokens);
        }
    }
}
