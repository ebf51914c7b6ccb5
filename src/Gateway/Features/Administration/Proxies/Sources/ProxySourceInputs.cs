using System.ComponentModel;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Providers.Proxies;

namespace AIHigress.Gateway.Features.Administration.Proxies.Sources;

/// <summary>What people choose about a list of proxies.</summary>
public record ProxySourceFields
{
    [Description("1 to 100 characters, unique.")]
    public string? Name { get; init; }

    [Description("Of a remote list: where it is. Shown to nobody; in a change absent keeps.")]
    public string? Url { get; init; }

    [Description("Of a remote list: headers to send. Shown to nobody; in a change absent keeps, null clears.")]
    public Dictionary<string, string>? Headers { get; init; }

    [Description("Of a static list: its lines, as for an import; in a change they replace the list.")]
    public string? Lines { get; init; }

    [Description("The scheme of lines that name none; http when left out.")]
    public ProxyScheme? Scheme { get; init; }

    [Description("False: its proxies are not used and the list is not read.")]
    public bool? Enabled { get; init; }

    [Description("60 to 604,800; UPSTREAM_PROXY_DEFAULT_REFRESH_INTERVAL_SECONDS when left out.")]
    public int? IntervalSeconds { get; init; }
}

/// <summary>A new list.</summary>
public sealed record CreateProxySource : ProxySourceFields
{
    [Description("static or remote.")]
    public ProxySourceKind? Kind { get; init; }
}

/// <summary>A merge patch of a list.</summary>
public sealed record EditProxySource : ProxySourceFields;

/// <summary>A list without its secrets.</summary>
public sealed record ProxySourceView(
    Guid Id,
    string Name,
    ProxySourceKind Kind,
    SecretView Url,
    SecretView Headers,
    ProxyScheme Scheme,
    bool Enabled,
    int IntervalSeconds,
    int ProxyCount,
    DateTimeOffset? LastRefreshAt,
    string? LastRefreshError,
    int Version,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>Only on the answer to a write of lines.</summary>
    public IReadOnlyList<ProxyLineFault>? Faults { get; init; }

    public static ProxySourceView Of(ProxySource source, int count) => new(
        source.Id, source.Name, source.Kind, new SecretView(source.Url is not null, null), new SecretView(source.Headers is not null, null), source.Scheme,
        source.Enabled, source.IntervalSeconds, count, source.LastRefreshAt, source.LastRefreshError, source.Version, source.CreatedAt, source.UpdatedAt);
}

/// <summary>What a reading of a list changed.</summary>
/// <param name="Added">Proxies that are new.</param>
/// <param name="Removed">Proxies that the list no longer names; one that a provider names stays.</param>
/// <param name="Total">Proxies of this list now.</param>
/// <param name="Faults">Lines that are no proxies.</param>
public sealed record ProxyRefreshResult(int Added, int Removed, int Total, IReadOnlyList<ProxyLineFault> Faults);
