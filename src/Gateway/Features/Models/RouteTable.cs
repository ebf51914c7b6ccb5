using System.Collections.Frozen;
using AIHigress.Gateway.Features.Identity;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Wire;

namespace AIHigress.Gateway.Features.Models;

/// <summary>
/// Every name a client may ask for and what can serve it. Immutable; built from the database, swapped whole.
/// Names resolve in the order of control-plane.md §6: explicit id, explicit alias, automatic id, provider alias, pin.
/// </summary>
public sealed class RouteTable
{
    public static readonly RouteTable Empty = new([], [], 0);

    private readonly FrozenDictionary<string, LogicalRoute> _byName;
    private readonly FrozenDictionary<string, ProviderRoute> _providers;

    /// <param name="names">Each name (id or alias) once, already resolved in order of precedence.</param>
    /// <param name="providers">All providers that are not deleted.</param>
    /// <param name="version">The change version it was built from.</param>
    public RouteTable(IEnumerable<KeyValuePair<string, LogicalRoute>> names, IEnumerable<ProviderRoute> providers, long version)
    {
        _byName = names.ToFrozenDictionary(StringComparer.Ordinal);
        _providers = providers.ToFrozenDictionary(p => p.Id, StringComparer.Ordinal);
        Version = version;
    }

    public long Version { get; }

    public IReadOnlyDictionary<string, LogicalRoute> Names => _byName;

    public IReadOnlyDictionary<string, ProviderRoute> Providers => _providers;

    /// <summary>The routes of all names and pins, each once.</summary>
    public IEnumerable<LogicalRoute> Routes() => _byName.Values.Concat(Pins.Routes).Distinct();

    /// <summary>The route of a name, of an alias, or of a pin "provider/model"; null when nothing has that name.</summary>
    public LogicalRoute? Resolve(string name)
    {
        if (_byName.TryGetValue(name, out var route))
        {
            return route;
        }

        var slash = name.IndexOf('/');
        if (slash <= 0 || slash == name.Length - 1 || !_providers.TryGetValue(name[..slash], out var provider))
        {
            return null;
        }

        var model = name[(slash + 1)..];
        return Pins.Find(provider.Id, model);
    }

    /// <summary>Pinned routes of every known (provider, model).</summary>
    public PinTable Pins { get; init; } = PinTable.Empty;
}

/// <summary>Routes of "provider/model" names, made when the table is built.</summary>
public sealed class PinTable(IEnumerable<KeyValuePair<(string Provider, string Model), LogicalRoute>> pins)
{
    public static readonly PinTable Empty = new([]);

    private readonly FrozenDictionary<(string Provider, string Model), LogicalRoute> _pins = pins.ToFrozenDictionary();

    public IEnumerable<LogicalRoute> Routes => _pins.Values;

    public LogicalRoute? Find(string provider, string model) => _pins.GetValueOrDefault((provider, model));
}

/// <summary>One logical model, ready to plan: its upstreams in declared order, and the logical models it falls back to.</summary>
public sealed class LogicalRoute
{
    public required string Id { get; init; }
    public required RouteOrigin Origin { get; init; }
    public bool Enabled { get; init; } = true;

    /// <summary>Null = the default strategy of the routing policy.</summary>
    public RoutingStrategy? Strategy { get; init; }
    public required IReadOnlyList<UpstreamRoute> Upstreams { get; init; }
    public IReadOnlyList<string> Fallbacks { get; init; } = [];
    public TimeSpan? TtftTimeout { get; init; }
    public TimeSpan? IdleTimeout { get; init; }
    public TimeSpan? TotalTimeout { get; init; }
    public PromptAffinity Affinity { get; init; }
    public HedgeAfter HedgeAfter { get; init; }
    public ThroughputGuard ThroughputGuard { get; init; }

    /// <summary>An upstream that dies within a plain-text answer is followed by the next, which goes on from there.</summary>
    public bool Continuation { get; init; }
    public BanditReward BanditReward { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>A model is the caller's if its name is allowed and at least one provider behind it is visible.</summary>
    public bool IsUsableBy(ApiCaller caller)
    {
        if (!Enabled || !caller.MayUseModel(Id))
        {
            return false;
        }

        foreach (var upstream in Upstreams)
        {
            if (upstream.Enabled && upstream.Provider.IsVisibleTo(caller))
            {
                return true;
            }
        }

        return false;
    }
}

public enum RouteOrigin
{
    Explicit,
    Automatic,
    Configuration,
    Pin,
}

/// <summary>One (provider, upstream model) behind a logical model.</summary>
public sealed class UpstreamRoute
{
    /// <summary>"logical|provider|model": names the measurements and the circuit across table swaps. Made when first asked for.</summary>
    public string Key
    {
        get => field ??= $"{LogicalModel}|{Provider.Id}|{Model}";
        init;
    }

    /// <summary>Id of the logical model that it is an upstream of.</summary>
    public string LogicalModel { get; init; } = "";
    public required ProviderRoute Provider { get; init; }
    public required string Model { get; init; }
    public double Weight { get; init; } = 1;
    public bool Enabled { get; init; } = true;

    /// <summary>Why it is not <see cref="Enabled"/>, if not by the logical model itself: model_disabled, model_missing or model_not_listed.</summary>
    public string? WhyOff { get; init; }

    /// <summary>What the model is said to be able to do, of what a request may need; null = unknown, and then it may be asked anything.</summary>
    public RequestNeeds? Abilities { get; init; }

    /// <summary>Tokens that prompt and answer may have together; null = unknown.</summary>
    public int? ContextLength { get; init; }

    // Kept by the data plane: what moves of this upstream, found once instead of at each plan.
    internal object? State { get; set; }
}

/// <summary>Holds the current route table; a request takes the reference once and keeps it to its end.</summary>
public sealed class RouteTables
{
    private volatile RouteTable _current = RouteTable.Empty;

    public RouteTable Current => _current;

    public void Publish(RouteTable table) => _current = table;
}
