using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Providers.Proxies;

namespace AIHigress.Gateway.Features.Administration.Proxies;

/// <summary>A proxy without its password.</summary>
public sealed record ProxyView
{
    public required Guid Id { get; init; }
    public required ProxyScheme Scheme { get; init; }
    public required string Host { get; init; }
    public required int Port { get; init; }
    public string? Username { get; init; }
    public required SecretView Password { get; init; }
    public required bool Enabled { get; init; }

    /// <summary>disabled, cooling, failing, healthy, or unknown when it was never checked.</summary>
    public required string State { get; init; }
    public Guid? SourceId { get; init; }
    public DateTimeOffset? LastCheckAt { get; init; }
    public int? LastCheckMs { get; init; }
    public bool? LastCheckOk { get; init; }
    public string? LastCheckError { get; init; }
    public required int Failures { get; init; }
    public DateTimeOffset? CooldownUntil { get; init; }
    public required int Version { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    public static ProxyView Of(UpstreamProxy proxy, DateTimeOffset now) => new()
    {
        Id = proxy.Id,
        Scheme = proxy.Scheme,
        Host = proxy.Host,
        Port = proxy.Port,
        Username = proxy.Username.Length > 0 ? proxy.Username : null,
        Password = new SecretView(proxy.Password is not null, null),
        Enabled = proxy.Enabled,
        State = !proxy.Enabled ? "disabled" : proxy.CooldownUntil > now ? "cooling" : proxy.LastCheckOk switch { true => "healthy", false => "failing", null => "unknown" },
        SourceId = proxy.SourceId,
        LastCheckAt = proxy.LastCheckAt,
        LastCheckMs = proxy.LastCheckMs,
        LastCheckOk = proxy.LastCheckOk,
        LastCheckError = proxy.LastCheckError,
        Failures = proxy.Failures,
        CooldownUntil = proxy.CooldownUntil > now ? proxy.CooldownUntil : null,
        Version = proxy.Version,
        CreatedAt = proxy.CreatedAt,
        UpdatedAt = proxy.UpdatedAt,
    };
}

/// <summary>The rules of the pool.</summary>
public sealed record ProxyConfigView(
    bool Enabled,
    ProxyStrategy Strategy,
    string? CheckUrl,
    string CheckMethod,
    int TimeoutMs,
    int IntervalSeconds,
    int FailureCooldownSeconds,
    int Version,
    DateTimeOffset? UpdatedAt)
{
    public static ProxyConfigView Of(ProxyPoolConfig config) => new(
        config.Enabled, config.Strategy, config.CheckUrl, config.CheckMethod, config.TimeoutMs, config.IntervalSeconds, config.FailureCooldownSeconds,
        config.Version, config.UpdatedAt);
}

/// <summary>What an import did.</summary>
/// <param name="Added">New proxies.</param>
/// <param name="Duplicates">Lines whose proxy was there already, or stood in the text twice.</param>
/// <param name="Faults">Lines that are no proxies; their text is not repeated, for it may hold a password.</param>
public sealed record ProxyImportResult(int Added, int Duplicates, IReadOnlyList<ProxyLineFault> Faults);

/// <param name="Line">Counted from 1.</param>
/// <param name="Message">The rule.</param>
public sealed record ProxyLineFault(int Line, string Message);

/// <summary>What checks showed.</summary>
/// <param name="Checked">The proxies named, checked now.</param>
/// <param name="Queued">Proxies that are checked in the background.</param>
public sealed record ProxyCheckResult(IReadOnlyList<ProxyCheckView> Checked, int Queued);

public sealed record ProxyCheckView(Guid Id, bool Ok, int Ms, string? Error);
