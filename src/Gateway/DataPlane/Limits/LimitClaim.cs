using StackExchange.Redis;

namespace AIHigress.Gateway.DataPlane.Limits;

/// <summary>All that one request, or one attempt, asks of limits: taken as a whole or not at all.</summary>
internal sealed class LimitClaim
{
    public List<RateClaim> Rates { get; } = new(2);

    public List<PlaceClaim> Places { get; } = new(2);

    /// <summary>Redis took it; corrections go there, too.</summary>
    public bool IsShared { get; set; }

    /// <summary>The name of its places in Redis; null while it has none there.</summary>
    public string? Lease { get; set; }

    public bool IsEmpty => Rates.Count == 0 && Places.Count == 0;
}

/// <summary>Units of one rate.</summary>
internal sealed class RateClaim(LimitScope scope, LimitUnit unit, Gcra local, RedisKey name, Rate rate, long units)
{
    public LimitScope Scope { get; } = scope;

    public LimitUnit Unit { get; } = unit;

    /// <summary>This replica's count.</summary>
    public Gcra Local { get; } = local;

    /// <summary>Where Redis counts.</summary>
    public RedisKey Name { get; } = name;

    public Rate Rate { get; } = rate;

    /// <summary>How many are charged; 0 looks only.</summary>
    public long Units { get; } = rate.Chargeable(units);

    /// <summary>The rate after the claim was decided.</summary>
    public RateView View { get; set; } = new(rate, TimeSpan.Zero);

    public LimitRefusal Refused(TimeSpan wait) => new(Scope, Unit, Rate.Count, wait);
}

/// <summary>One of so many places. The replica's own count is taken before Redis is asked.</summary>
internal sealed record PlaceClaim(LimitScope Scope, RedisKey Name, int Limit)
{
    public LimitRefusal Refused() => new(Scope, LimitUnit.Concurrency, Limit, LimitRefusal.PlaceWait);
}
