using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Providers;

namespace AIHigress.Gateway.Features.Models.Routes;

/// <summary>
/// Makes a route table. Pure: no clock, no database. A name means the first of: explicit id, explicit alias,
/// automatic model (all providers that have it as id, then as alias), pin (control-plane.md §6).
/// </summary>
internal static class RouteTableBuilder
{
    public static RouteTable Build(RouteTableInput input, long version)
    {
        var providers = new Dictionary<string, ProviderRoute>(input.Providers.Count, StringComparer.Ordinal);
        foreach (var provider in input.Providers)
        {
            providers[provider.Id] = provider;
        }

        var names = new Dictionary<string, LogicalRoute>(input.Models.Count, StringComparer.Ordinal);
        AddExplicit(names, input, providers);
        AddAutomatic(names, input, providers);
        return new RouteTable(names, input.Providers, version) { Pins = Pins(input, providers) };
    }

    private static void AddExplicit(Dictionary<string, LogicalRoute> names, RouteTableInput input, Dictionary<string, ProviderRoute> providers)
    {
        var served = new Dictionary<(string, string), ServedModel>(input.Logical.Count == 0 ? 0 : input.Models.Count);
        if (input.Logical.Count > 0)
        {
            foreach (var model in input.Models)
            {
                served[(model.Provider, model.Model)] = model;
            }
        }

        var aliases = new List<(string Alias, LogicalRoute Route)>();
        foreach (var model in input.Logical)
        {
            var route = Explicit(model, providers, served);
            names[model.Id] = route;
            aliases.AddRange(model.Aliases.Select(alias => (alias, route)));
        }

        // After all ids: an id beats an alias of the same name.
        foreach (var (alias, route) in aliases)
        {
            names.TryAdd(alias, route);
        }
    }

    private static LogicalRoute Explicit(LogicalModel model, Dictionary<string, ProviderRoute> providers, Dictionary<(string, string), ServedModel> served)
    {
        var upstreams = new List<UpstreamRoute>(model.Upstreams.Count);
        foreach (var upstream in model.Upstreams)
        {
            if (providers.TryGetValue(upstream.Provider, out var provider))
            {
                // A model that no list names is tried all the same: not every provider lists what it serves.
                var known = served.GetValueOrDefault((upstream.Provider, upstream.Model));
                upstreams.Add(Upstream(model.Id, provider, upstream.Model, upstream.Weight, known, upstream.Enabled && known is not { Routable: false }));
            }
        }

        return new LogicalRoute
        {
            Id = model.Id,
            Origin = model.ManagedBy == ManagedBy.Configuration ? RouteOrigin.Configuration : RouteOrigin.Explicit,
            Enabled = model.Enabled,
            Strategy = StrategyNames.Parse(model.Strategy),
            Upstreams = upstreams,
            Fallbacks = model.Fallbacks,
            TtftTimeout = Milliseconds(model.TtftTimeoutMs),
            IdleTimeout = Milliseconds(model.IdleTimeoutMs),
            TotalTimeout = Milliseconds(model.TotalTimeoutMs),
            Affinity = model.Affinity,
            HedgeAfter = HedgeAfter.TryParse(model.HedgeAfter, out var hedge) ? hedge : default,
            ThroughputGuard = new ThroughputGuard(model.MinCharsPerSecond),
            Continuation = model.Continuation,
            BanditReward = model.BanditReward,
            CreatedAt = model.CreatedAt,
        };
    }

    private static void AddAutomatic(Dictionary<string, LogicalRoute> names, RouteTableInput input, Dictionary<string, ProviderRoute> providers)
    {
        var pools = new Dictionary<string, Pool>(StringComparer.Ordinal);
        var ids = new HashSet<(string, string)>(input.Models.Count);
        foreach (var model in input.Models)
        {
            if (model.Routable && providers.TryGetValue(model.Provider, out var provider))
            {
                ids.Add((model.Provider, model.Model));
                if (!names.ContainsKey(model.Model))
                {
                    PoolOf(pools, model.Model).Add(model.Model, provider, model);
                }
            }
        }

        foreach (var model in input.Models)
        {
            // Within one provider an upstream's own id beats an alias.
            if (model is { Routable: true, Alias: { } alias } && !names.ContainsKey(alias) && !ids.Contains((model.Provider, alias))
                && providers.TryGetValue(model.Provider, out var provider))
            {
                PoolOf(pools, alias).Add(alias, provider, model);
            }
        }

        foreach (var (name, pool) in pools)
        {
            names[name] = new LogicalRoute { Id = name, Origin = RouteOrigin.Automatic, Upstreams = pool.Upstreams, CreatedAt = pool.CreatedAt };
        }
    }

    private static Pool PoolOf(Dictionary<string, Pool> pools, string name)
    {
        if (!pools.TryGetValue(name, out var pool))
        {
            pools[name] = pool = new Pool();
        }

        return pool;
    }

    private static PinTable Pins(RouteTableInput input, Dictionary<string, ProviderRoute> providers)
    {
        var pins = new Dictionary<(string, string), LogicalRoute>(input.Models.Count);
        foreach (var model in input.Models)
        {
            if (model.Routable && providers.TryGetValue(model.Provider, out var provider))
            {
                pins[(provider.Id, model.Model)] = Pin(provider, model.Model, model);
            }
        }

        foreach (var model in input.Models)
        {
            if (model.Routable && model.Alias is { } alias && providers.TryGetValue(model.Provider, out var provider))
            {
                pins.TryAdd((provider.Id, alias), Pin(provider, alias, model));
            }
        }

        return new PinTable(pins);
    }

    private static LogicalRoute Pin(ProviderRoute provider, string name, ServedModel model)
    {
        var id = $"{provider.Id}/{name}";
        return new LogicalRoute
        {
            Id = id,
            Origin = RouteOrigin.Pin,
            Upstreams = [Upstream(id, provider, model.Model, provider.Weight, model, enabled: true)],
            CreatedAt = model.CreatedAt,
        };
    }

    private static UpstreamRoute Upstream(string logical, ProviderRoute provider, string model, double weight, ServedModel? known, bool enabled) => new()
    {
        LogicalModel = logical,
        Provider = provider,
        // The same text, kept once for all who route to it.
        Model = known?.Model ?? model,
        Weight = weight,
        Enabled = enabled,
        WhyOff = known is { Routable: false } ? known.WhyOff : null,
        Abilities = known?.Abilities,
        ContextLength = known?.ContextLength,
    };

    private static TimeSpan? Milliseconds(int? value) => value is { } ms ? TimeSpan.FromMilliseconds(ms) : null;

    /// <summary>The upstreams of one automatic model while it is gathered.</summary>
    private sealed class Pool
    {
        public List<UpstreamRoute> Upstreams { get; } = new(1);

        public DateTimeOffset CreatedAt { get; private set; } = DateTimeOffset.MaxValue;

        public void Add(string name, ProviderRoute provider, ServedModel model)
        {
            Upstreams.Add(Upstream(name, provider, model.Model, provider.Weight, model, enabled: true));
            CreatedAt = model.CreatedAt < CreatedAt ? model.CreatedAt : CreatedAt;
        }
    }
}
