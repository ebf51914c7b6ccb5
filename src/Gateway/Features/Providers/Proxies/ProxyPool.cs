using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using AIHigress.Gateway.Hosting.Telemetry;

namespace AIHigress.Gateway.Features.Providers.Proxies;

/// <summary>
/// Which proxy an attempt goes through. Reads one table that is swapped whole; what a proxy suffers between two tables
/// is kept beside it, so that a failure acts at once and a new table forgets nothing.
/// </summary>
internal sealed partial class ProxyPool
{
    private readonly EnvironmentProxies _environment;
    private readonly TimeProvider _time;
    private readonly ILogger<ProxyPool> _logger;
    private readonly Counter<long> _failures = GatewayTelemetry.Meter.CreateCounter<long>(
        "aihigress.proxy.failures", "{failure}", "Proxies that could not be reached or refused to serve");

    private volatile Table _table = new(ProxyPoolSettings.Initial, [], FrozenDictionary<Guid, ProxyState>.Empty);
    private uint _turn;

    public ProxyPool(EnvironmentProxies environment, TimeProvider time, ILogger<ProxyPool> logger)
    {
        _environment = environment;
        _time = time;
        _logger = logger;
    }

    /// <summary>Another object after every change of the pool.</summary>
    public object Generation => _table;

    /// <summary>Takes over the stored state. Called by one at a time.</summary>
    public void Publish(ProxyPoolSettings settings, IReadOnlyList<ProxyEntry> entries)
    {
        var old = _table.ById;
        var states = entries.Select(entry =>
        {
            var known = old.GetValueOrDefault(entry.Route.Id);
            var state = known?.Route == entry.Route ? known : new ProxyState(entry.Route);
            state.Take(entry, settings.Checks, _time);
            return state;
        }).ToArray();
        _table = new Table(settings, states, states.ToFrozenDictionary(s => s.Route.Id));
    }

    public bool Knows(Guid id) => _table.ById.ContainsKey(id);

    /// <summary>Whether connections through this proxy may still be used.</summary>
    public bool Holds(ProxyRoute route) => route.Id == Guid.Empty || (_table.ById.TryGetValue(route.Id, out var state) && state.Route == route);

    /// <summary>Whether a provider can be called now: directly if it may, else through a proxy that works.</summary>
    public bool CanReach(ProviderRoute provider) => Pick(provider, provider.BaseUrl, [], peek: true).IsPossible;

    /// <summary>The way to a provider for one try.</summary>
    /// <param name="provider">Whose rules count.</param>
    /// <param name="target">The address that is called.</param>
    /// <param name="tried">Proxies that this attempt has tried.</param>
    public ProxyPick Pick(ProviderRoute provider, Uri target, IReadOnlyList<ProxyRoute> tried) => Pick(provider, target, tried, peek: false);

    /// <summary>A proxy of the pool rests; one of the environment has no substitute, so it is only counted.</summary>
    /// <param name="proxy">Which.</param>
    /// <param name="reason">connect, handshake or refused.</param>
    public void Failed(ProxyRoute proxy, string reason)
    {
        CountFailure(reason);
        var table = _table;
        if (table.ById.TryGetValue(proxy.Id, out var state) && state.Route == proxy)
        {
            state.Fail(table.Settings.Cooldown, _time);
            ProxyRests(proxy.Name, reason, (int)table.Settings.Cooldown.TotalSeconds);
        }
        else if (proxy.Id == Guid.Empty)
        {
            EnvironmentProxyFailed(proxy.Name, reason);
        }
    }

    /// <summary>For the metric alone: what a check finds is stored by who checks.</summary>
    public void CountFailure(string reason) => _failures.Add(1, new KeyValuePair<string, object?>("error.type", reason));

    /// <summary>What failed since the last call, to be stored.</summary>
    public IReadOnlyList<(Guid Id, int Failures, DateTimeOffset CooldownUntil)> TakeFailures()
    {
        var found = new List<(Guid, int, DateTimeOffset)>();
        foreach (var state in _table.All)
        {
            if (state.TakeFailures() is var count and > 0)
            {
                found.Add((state.Route.Id, count, state.CooldownUntil(_time)));
            }
        }

        return found;
    }

    private ProxyPick Pick(ProviderRoute provider, Uri target, IReadOnlyList<ProxyRoute> tried, bool peek)
    {
        switch (provider.Proxy.Use)
        {
            case ProxyUse.Direct:
                return ProxyPick.Direct;
            case ProxyUse.Default:
                var named = _environment.For(target);
                return named is not null && !tried.Contains(named) ? ProxyPick.Through(named)
                    : named is null && !provider.ProxyRequired ? ProxyPick.Direct
                    : ProxyPick.None;
            case ProxyUse.One:
                var table = _table;
                return table.Settings.Enabled && table.ById.TryGetValue(provider.Proxy.Id, out var one) && one.IsUsable(_time.GetTimestamp()) && !tried.Contains(one.Route)
                    ? ProxyPick.Through(one.Route)
                    : ProxyPick.None;
            default:
                return FromPool(tried, peek);
        }
    }

    private ProxyPick FromPool(IReadOnlyList<ProxyRoute> tried, bool peek)
    {
        var (settings, all, _) = _table;
        if (!settings.Enabled || all.Length == 0)
        {
            return ProxyPick.None;
        }

        var start = peek ? 0 : settings.Strategy == ProxyStrategy.Random ? (uint)Random.Shared.Next() : Interlocked.Increment(ref _turn);
        var now = _time.GetTimestamp();
        ProxyState? best = null;
        for (var i = 0u; i < (uint)all.Length; i++)
        {
            var state = all[(start + i) % (uint)all.Length];
            if (!state.IsUsable(now) || tried.Contains(state.Route))
            {
                continue;
            }

            if (peek || settings.Strategy != ProxyStrategy.LeastLatency)
            {
                return ProxyPick.Through(state.Route);
            }

            best = best is null || state.CheckMs < best.CheckMs ? state : best;
        }

        return best is null ? ProxyPick.None : ProxyPick.Through(best.Route);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The proxy {Proxy} failed ({Reason}) and is not used for {Seconds} s")]
    private partial void ProxyRests(string proxy, string reason, int seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The proxy {Proxy}, named by HTTP_PROXY or HTTPS_PROXY, failed ({Reason})")]
    private partial void EnvironmentProxyFailed(string proxy, string reason);

    private sealed record Table(ProxyPoolSettings Settings, ProxyState[] All, FrozenDictionary<Guid, ProxyState> ById);
}

/// <summary>The way to an upstream: directly, through a proxy, or none.</summary>
internal readonly record struct ProxyPick(bool IsPossible, ProxyRoute? Proxy)
{
    public static readonly ProxyPick Direct = new(true, null);
    public static readonly ProxyPick None;

    public static ProxyPick Through(ProxyRoute proxy) => new(true, proxy);
}
