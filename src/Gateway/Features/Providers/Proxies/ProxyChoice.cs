namespace AIHigress.Gateway.Features.Providers.Proxies;

/// <summary>How a provider is reached.</summary>
public enum ProxyUse
{
    /// <summary>By HTTP_PROXY, HTTPS_PROXY and NO_PROXY; directly when they name no proxy for it.</summary>
    Default,

    /// <summary>Never through a proxy.</summary>
    Direct,

    /// <summary>Through a healthy proxy of the pool, never otherwise.</summary>
    Pool,

    /// <summary>Through one proxy, never otherwise.</summary>
    One,
}

/// <summary>What stands in a provider's <c>proxy</c> field: default, direct, pool, or a proxy's id.</summary>
public readonly record struct ProxyChoice(ProxyUse Use, Guid Id = default)
{
    public const string Default = "default";
    public const string Rule = "must be default, direct, pool, or the id of a proxy";

    /// <summary>Null when the text is none of them; a missing one is the default.</summary>
    public static ProxyChoice? Parse(string? text) => text switch
    {
        null or Default => new ProxyChoice(ProxyUse.Default),
        "direct" => new ProxyChoice(ProxyUse.Direct),
        "pool" => new ProxyChoice(ProxyUse.Pool),
        _ => Guid.TryParseExact(text, "D", out var id) ? new ProxyChoice(ProxyUse.One, id) : null,
    };
}
