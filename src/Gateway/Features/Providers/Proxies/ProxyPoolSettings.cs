namespace AIHigress.Gateway.Features.Providers.Proxies;

/// <summary>How the next proxy of the pool is chosen.</summary>
public enum ProxyStrategy
{
    RoundRobin,
    Random,

    /// <summary>The one whose last check was fastest; unchecked ones come last.</summary>
    LeastLatency,
}

/// <summary>The pool's rules as they are stored.</summary>
/// <param name="Enabled">False: no proxy of the pool is used, and providers that need one are skipped.</param>
/// <param name="Strategy">Who comes next.</param>
/// <param name="Checks">Whether proxies are checked; if not, what a check said once does not count.</param>
/// <param name="Cooldown">How long a proxy rests after a failure.</param>
public sealed record ProxyPoolSettings(bool Enabled, ProxyStrategy Strategy, bool Checks, TimeSpan Cooldown)
{
    public static readonly ProxyPoolSettings Initial = new(true, ProxyStrategy.RoundRobin, false, TimeSpan.FromSeconds(120));
}

/// <summary>A stored proxy that may be used, with what its last check showed.</summary>
public sealed record ProxyEntry(ProxyRoute Route, bool? CheckOk, int? CheckMs, DateTimeOffset? CheckAt, DateTimeOffset? CooldownUntil);
