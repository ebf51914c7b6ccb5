namespace AIHigress.Gateway.Features.Models.Live;

/// <summary>What routing knows at this moment; implemented by the data plane, which owns the moving state.</summary>
public interface IRoutingBoard
{
    /// <summary>The upstreams of one model, or all that have had traffic; at most <paramref name="most"/>.</summary>
    /// <param name="model">A logical model, an alias or a pin; null: all.</param>
    /// <param name="shows">Whether the reader may see a provider.</param>
    /// <param name="most">The longest list.</param>
    IReadOnlyList<BoardRow> Read(string? model, Func<string, bool> shows, int most);

    /// <summary>Circuits and keys that are not as they should be: open, half-open, resting, or with failures counted.</summary>
    IReadOnlyList<CircuitRow> Circuits(Func<string, bool> shows);

    /// <summary>Closes circuits and ends rests, here and on all replicas. The number of those that were not closed here.</summary>
    int Reset(CircuitTarget target);
}

/// <summary>One upstream as routing sees it now, on this replica; a figure is null while nothing was measured.</summary>
/// <param name="LogicalModel">The model that it serves.</param>
/// <param name="Provider">Provider id.</param>
/// <param name="Model">Upstream model id.</param>
/// <param name="Weight">As it was given.</param>
/// <param name="DynamicWeight">What traffic has made of it, in parts of it.</param>
/// <param name="ErrorRate">0…1, newer requests counting more.</param>
/// <param name="TtftP95Ms">Of streams, estimated.</param>
/// <param name="TokensPerSecond">Of streams.</param>
/// <param name="InFlight">Requests that it is serving.</param>
/// <param name="Samples">Requests that it has served.</param>
/// <param name="Circuit">closed, open, half_open or trial.</param>
/// <param name="Health">unknown, healthy, degraded or down.</param>
/// <param name="KeysUsable">Keys that could be used now.</param>
/// <param name="Keys">Keys in all; 0 for a provider that needs none.</param>
/// <param name="Headroom">Null when it could take a request now; else why not: provider_concurrency, provider_rate, keys_paused, no_keys.</param>
/// <param name="HeadroomInMs">Until it can, if that is known.</param>
/// <param name="TakesTraffic">False when people have switched it off: paused, offline, not approved, disabled.</param>
public sealed record BoardRow(
    string LogicalModel,
    string Provider,
    string Model,
    double Weight,
    double DynamicWeight,
    double? ErrorRate,
    double? TtftP95Ms,
    double? TokensPerSecond,
    int InFlight,
    long Samples,
    string Circuit,
    string Health,
    int KeysUsable,
    int Keys,
    string? Headroom,
    long? HeadroomInMs,
    bool TakesTraffic);

/// <summary>The circuit of an upstream, or the rest of a provider's key.</summary>
/// <param name="Provider">Provider id.</param>
/// <param name="LogicalModel">Of a circuit: the model that it serves.</param>
/// <param name="Model">Of a circuit: upstream model id.</param>
/// <param name="KeyId">Of a key.</param>
/// <param name="Key">The key's label.</param>
/// <param name="State">closed (with failures counted), open, half_open or trial; of a key: resting or usable (with failures counted).</param>
/// <param name="Failures">Counted towards opening; of a key: in a row.</param>
/// <param name="OpenedAt">When it opened; null when it is closed, and for keys.</param>
/// <param name="Until">When a trial may pass, or the rest ends; null when that is now.</param>
/// <param name="LastError">Scrubbed text of the last counted failure.</param>
public sealed record CircuitRow(
    string Provider,
    string? LogicalModel,
    string? Model,
    Guid? KeyId,
    string? Key,
    string State,
    int Failures,
    DateTimeOffset? OpenedAt,
    DateTimeOffset? Until,
    string? LastError);

/// <summary>What to reset: a provider's circuits and keys, narrowed to one upstream model's circuits or to one key.</summary>
public sealed record CircuitTarget(string Provider, string? Model, Guid? KeyId);
