using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.Features.Providers;

namespace AIHigress.Gateway.DataPlane.Limits;

/// <summary>The rates of providers and their keys, and the places that all replicas share of them.</summary>
internal sealed class UpstreamLimits(LimitBoard board, LimitCounter counter)
{
    /// <summary>How long the provider's rate asks to wait, as this replica knows it; zero = it may be used now.</summary>
    public TimeSpan WaitFor(ProviderRoute provider) =>
        provider.MaxQps is { } qps ? board.OfProvider(provider.Id).Seconds.Look(Rate.PerSecond(qps)).WaitFor(1) : TimeSpan.Zero;

    /// <summary>The same of a key: the longest of its rates.</summary>
    public TimeSpan WaitFor(ProviderKeyRoute key)
    {
        if (key.MaxQps is null && key.Rpm is null && key.Tpm is null)
        {
            return TimeSpan.Zero;
        }

        var subject = board.Of(LimitScope.ProviderKey, key.Id);
        var wait = key.MaxQps is { } qps ? subject.Seconds.Look(Rate.PerSecond(qps)).WaitFor(1) : TimeSpan.Zero;
        wait = key.Rpm is { } requests ? Max(wait, subject.Requests.Look(Rate.PerMinute(requests)).WaitFor(1)) : wait;
        return key.Tpm is { } tokens ? Max(wait, subject.Tokens.Look(Rate.PerMinute(tokens)).WaitFor(1)) : wait;
    }

    /// <summary>Takes what one attempt needs. Its places in this replica were taken before.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="key">Its key; null for a provider without credentials.</param>
    /// <param name="call">The request, for what it may use of a limit of tokens; null: nothing.</param>
    /// <returns>The hold, null where there is no limit; or whose limit is in the way.</returns>
    public async ValueTask<(UpstreamHold? Hold, LimitScope? Refused)> TakeAsync(ProviderRoute provider, ProviderKeyRoute? key, InboundCall? call)
    {
        var claim = Claim(provider, key, call);
        if (claim is null)
        {
            return (null, null);
        }

        return await counter.TakeAsync(claim) is { } refusal ? (null, refusal.Scope) : (new UpstreamHold(counter, claim), null);
    }

    private LimitClaim? Claim(ProviderRoute provider, ProviderKeyRoute? key, InboundCall? call)
    {
        if (provider.MaxQps is null && provider.MaxConcurrency is null && key is null or { MaxQps: null, MaxConcurrency: null, Rpm: null, Tpm: null })
        {
            return null;
        }

        var claim = new LimitClaim();
        Add(claim, LimitScope.Provider, board.OfProvider(provider.Id), provider.MaxQps, provider.MaxConcurrency);
        if (key is null)
        {
            return claim;
        }

        var subject = board.Of(LimitScope.ProviderKey, key.Id);
        Add(claim, LimitScope.ProviderKey, subject, key.MaxQps, key.MaxConcurrency);
        if (key.Rpm is { } requests)
        {
            claim.Rates.Add(new RateClaim(LimitScope.ProviderKey, LimitUnit.Requests, subject.Requests, subject.RequestsName, Rate.PerMinute(requests), 1));
        }

        if (key.Tpm is { } most)
        {
            var tokens = call is null ? 0 : TokenEstimate.Of(call);
            claim.Rates.Add(new RateClaim(LimitScope.ProviderKey, LimitUnit.Tokens, subject.Tokens, subject.TokensName, Rate.PerMinute(most), tokens));
        }

        return claim;
    }

    private static void Add(LimitClaim claim, LimitScope scope, LimitSubject subject, int? qps, int? concurrency)
    {
        if (qps is { } perSecond)
        {
            claim.Rates.Add(new RateClaim(scope, LimitUnit.Requests, subject.Seconds, subject.SecondsName, Rate.PerSecond(perSecond), 1));
        }

        if (concurrency is { } most)
        {
            claim.Places.Add(new PlaceClaim(scope, subject.PlacesName, most));
        }
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}

/// <summary>What an attempt holds of its provider's and key's limits; ended once.</summary>
internal sealed class UpstreamHold(LimitCounter counter, LimitClaim claim)
{
    private int _settled;

    /// <param name="tokens">What the attempt really used.</param>
    public void Settle(long tokens)
    {
        if (Interlocked.Exchange(ref _settled, 1) == 0)
        {
            counter.Settle(claim, tokens);
        }
    }
}
