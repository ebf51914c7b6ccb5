namespace AIHigress.Gateway.DataPlane.Limits;

/// <summary>Whose limit it is.</summary>
internal enum LimitScope
{
    Key,
    User,
    Group,
    Provider,
    ProviderKey,
}

/// <summary>What a limit counts.</summary>
internal enum LimitUnit
{
    Requests,
    Tokens,
    Concurrency,
}

/// <summary>A limit that was in the way.</summary>
/// <param name="Scope">Whose.</param>
/// <param name="Unit">Of what.</param>
/// <param name="Limit">How many it allows.</param>
/// <param name="Wait">When to try again.</param>
internal sealed record LimitRefusal(LimitScope Scope, LimitUnit Unit, long Limit, TimeSpan Wait)
{
    // Nobody knows when a running request ends.
    public static readonly TimeSpan PlaceWait = TimeSpan.FromSeconds(1);
}
