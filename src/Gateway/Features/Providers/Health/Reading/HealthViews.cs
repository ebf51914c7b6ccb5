using System.ComponentModel;
using System.Text.Json.Serialization;
using AIHigress.Gateway.Features.Providers.Health.Probing;

namespace AIHigress.Gateway.Features.Providers.Health.Reading;

/// <summary>How a provider does and did.</summary>
public sealed record ProviderHealthView
{
    public required string ProviderId { get; init; }
    public required ProviderHealth Health { get; init; }

    [Description("probes_failed, error_rate, slow, probe_good, probes_good, traffic_good, nothing_seen or switched_off; null before the first judgement.")]
    public string? Reason { get; init; }
    public DateTimeOffset? Since { get; init; }
    public DateTimeOffset? LastProbeAt { get; init; }
    public bool? LastProbeOk { get; init; }
    public DateTimeOffset? LastTrafficAt { get; init; }
    public required UptimeView Uptime { get; init; }
    public required IReadOnlyList<UptimeDay> Days { get; init; }
    public required IReadOnlyList<HealthEventView> Timeline { get; init; }
    public required IReadOnlyList<ProbeResultView> Probes { get; init; }
}

/// <summary>Minutes not down ÷ minutes observed, 0…1; null where nothing was observed.</summary>
public sealed record UptimeView(
    [property: JsonPropertyName("last_24h")] double? Last24Hours,
    [property: JsonPropertyName("last_7d")] double? Last7Days,
    [property: JsonPropertyName("last_90d")] double? Last90Days);

/// <summary>One UTC day; minutes that nobody watched are in no column.</summary>
public sealed record UptimeDay(DateOnly Day, double? Uptime, int UpMinutes, int DegradedMinutes, int DownMinutes, int UnseenMinutes)
{
    internal static UptimeDay Of(ProviderUptime day) =>
        new(day.Day, UptimeMath.Share(day.Up + day.Degraded, day.Down), day.Up, day.Degraded, day.Down, day.Unseen);
}

/// <summary>A change of health, or a pause or resumption by it.</summary>
public sealed record HealthEventView(DateTimeOffset At, string Kind, ProviderHealth From, ProviderHealth To, string? Reason);

/// <summary>One probe; which error and which model only for the owner and operators.</summary>
public sealed record ProbeResultView(DateTimeOffset At, ProbeOutcome Outcome, int Ms, int? Status, string? Model, string? Error, long? InputTokens, long? OutputTokens)
{
    internal static ProbeResultView Of(ProviderProbe probe, bool details) => new(
        probe.At, probe.Outcome, probe.Ms, probe.Status, details ? probe.Model : null, details ? probe.Error : null,
        details ? probe.InputTokens : null, details ? probe.OutputTokens : null);
}

/// <summary>A provider on the status page.</summary>
public sealed record ProviderStatusView
{
    public required string ProviderId { get; init; }
    public required string Name { get; init; }
    public required OperationStatus OperationStatus { get; init; }
    public required ProviderHealth Health { get; init; }
    public required UptimeView Uptime { get; init; }
    public required IReadOnlyList<UptimeDay> Days { get; init; }

    [Description("Milliseconds, of the last five minutes' streams; null when there were none.")]
    public double? TtftP50Ms { get; init; }
    public double? TtftP95Ms { get; init; }

    [Description("0…1, of the last five minutes' attempts; null when there were none.")]
    public double? ErrorRate { get; init; }
    public required IReadOnlyList<IncidentView> OpenIncidents { get; init; }
}

/// <summary>Something that is wrong now.</summary>
public sealed record IncidentView(ProviderHealth Health, string? Reason, DateTimeOffset Since);
