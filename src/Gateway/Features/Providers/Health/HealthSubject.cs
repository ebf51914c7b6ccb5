namespace AIHigress.Gateway.Features.Providers.Health;

/// <summary>A provider while it is judged.</summary>
internal sealed class HealthSubject(Provider provider, ProviderHealthState state)
{
    public Provider Provider { get; } = provider;

    /// <summary>Tracked: what is set here is saved.</summary>
    public ProviderHealthState State { get; } = state;

    /// <summary>Good probes in a row before this round's verdict started a new count.</summary>
    public int GoodProbes { get; set; }

    public bool IsPausedByHealth => Provider.OperationStatus == OperationStatus.Paused && Provider.StatusBy == Provider.ByHealth;

    /// <summary>Whether probes will tell more: then it is never judged by silence.</summary>
    public bool IsWatched => Provider.ProbeEnabled && !State.Unprobeable && (Provider.OperationStatus == OperationStatus.Active || IsPausedByHealth);

    public ProbeEvidence Probes => new(State.FailedInRow, State.GoodInRow, IsWatched);

    /// <summary>
    /// Traffic counts from the minute after this one: what made a provider fall must not count against it again once
    /// probes have lifted it. A first judgement forgets nothing.
    /// </summary>
    public long EvidenceAfter =>
        State.Health == ProviderHealth.Unknown || State is { Health: ProviderHealth.Healthy, Reason: "probe_good" } ? 0 : State.Since.ToUnixTimeSeconds() / 60;
}
