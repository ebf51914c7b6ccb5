using System.ComponentModel;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Data.Paging;
using AIHigress.Gateway.Features.Providers.Proxies;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.AspNetCore.Mvc;

namespace AIHigress.Gateway.Features.Administration.Proxies;

/// <summary>The filters of the list of proxies.</summary>
public sealed record ProxyFilter
{
    [FromQuery(Name = "scheme"), Description("http, https, socks5 or socks5h")]
    public string? Scheme { get; init; }

    [FromQuery(Name = "enabled")]
    public bool? Enabled { get; init; }

    [FromQuery(Name = "source_id")]
    public Guid? SourceId { get; init; }

    [FromQuery(Name = "state"), Description("disabled, cooling, failing, healthy or unknown")]
    public string? State { get; init; }
}

/// <summary>Lists proxies.</summary>
internal sealed class ProxyList(GatewayDbContext db, Pager pager, TimeProvider time)
{
    private static readonly string[] States = ["disabled", "cooling", "failing", "healthy", "unknown"];

    private static readonly SortKeys<UpstreamProxy> Sorts = SortKeys.For<UpstreamProxy, Guid>(p => p.Id, "-created_at")
        .Add("created_at", p => p.CreatedAt).Add("host", p => p.Host).Add("last_check_ms", p => p.LastCheckMs).Add("failures", p => p.Failures);

    public Task<Page<ProxyView>> ReadAsync(PageQuery page, ProxyFilter filter, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        object?[] binding = ["proxies", filter.Scheme, filter.Enabled?.ToString(), filter.SourceId?.ToString(), filter.State];
        return pager.ReadAsync(Filtered(page, filter, now), Sorts, page, binding, p => ProxyView.Of(p, now), cancellationToken);
    }

    private IQueryable<UpstreamProxy> Filtered(PageQuery page, ProxyFilter filter, DateTimeOffset now)
    {
        var query = db.Proxies.WhereContains(page.Q, p => p.Host, p => p.Username);
        if (EnumFilter.Read<ProxyScheme>("scheme", filter.Scheme) is { } scheme)
        {
            query = query.Where(p => p.Scheme == scheme);
        }

        if (filter.Enabled is { } enabled)
        {
            query = query.Where(p => p.Enabled == enabled);
        }

        if (filter.SourceId is { } source)
        {
            query = query.Where(p => p.SourceId == source);
        }

        if (filter.State is not null && !States.Contains(filter.State))
        {
            throw Problems.Field("state", "not_allowed", $"must be one of {string.Join(", ", States)}");
        }

        var resting = query.Where(p => p.Enabled && p.CooldownUntil != null && p.CooldownUntil > now);
        var ready = query.Where(p => p.Enabled && (p.CooldownUntil == null || p.CooldownUntil <= now));
        return filter.State switch
        {
            "disabled" => query.Where(p => !p.Enabled),
            "cooling" => resting,
            "failing" => ready.Where(p => p.LastCheckOk == false),
            "healthy" => ready.Where(p => p.LastCheckOk == true),
            "unknown" => ready.Where(p => p.LastCheckOk == null),
            _ => query,
        };
    }
}
