using System.ComponentModel;
using System.Security.Cryptography;
using System.Text;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Data.Paging;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Models.Logical;

/// <summary>The filters of the list of logical models.</summary>
public sealed record LogicalModelFilter
{
    [FromQuery(Name = "origin"), Description("explicit, automatic or configuration")]
    public string? Origin { get; init; }

    [FromQuery(Name = "provider"), Description("Has an upstream at this provider.")]
    public string? Provider { get; init; }

    [FromQuery(Name = "enabled")]
    public bool? Enabled { get; init; }
}

/// <summary>
/// Lists stored and automatic models as one, by id. Automatic ones live in the route table only, so the two are merged
/// here and not by the database.
/// </summary>
internal sealed class LogicalModelList(GatewayDbContext db, RouteTables tables, IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("AIHigress.Cursors.v1", "logical_models");

    public async Task<Page<LogicalModelView>> ReadAsync(PageQuery page, LogicalModelFilter filter, CurrentUser user, CancellationToken cancellationToken)
    {
        var limit = page.ValidLimit();
        if (page.Sort is not (null or "id"))
        {
            throw Problems.Field("sort", "not_allowed", "must be id");
        }

        var after = page.Cursor is null ? null : ReadCursor(page.Cursor, page, filter);
        var visibility = await ModelVisibility.OfAsync(db, user, cancellationToken);
        var all = await MatchingAsync(page.Q, filter, visibility, cancellationToken);
        var rest = after is null ? all : all.Where(v => string.CompareOrdinal(v.Id, after) > 0);
        var items = rest.OrderBy(v => v.Id, StringComparer.Ordinal).Take(limit + 1).ToList();
        var next = items.Count > limit ? WriteCursor(items[limit - 1].Id, page, filter) : null;
        return new Page<LogicalModelView>([.. items.Take(limit)], next, page.IncludeTotal == true ? all.Count : null);
    }

    private async Task<List<LogicalModelView>> MatchingAsync(string? q, LogicalModelFilter filter, ModelVisibility visibility, CancellationToken cancellationToken)
    {
        if (filter.Origin is not (null or "explicit" or "automatic" or "configuration"))
        {
            throw Problems.Field("origin", "not_allowed", "must be explicit, automatic or configuration");
        }

        var stored = await db.LogicalModels.AsNoTracking().ToListAsync(cancellationToken);
        var taken = await db.ModelNames.AsNoTracking().Select(n => n.Name).ToHashSetAsync(StringComparer.Ordinal, cancellationToken);
        var views = stored.Where(visibility.Shows).Select(m => LogicalModelView.Of(m, visibility))
            .Concat(tables.Current.Names.Values
                .Where(r => r.Origin == RouteOrigin.Automatic && !taken.Contains(r.Id) && visibility.Shows(r))
                .Select(r => LogicalModelView.Of(r, visibility)));
        var text = string.IsNullOrWhiteSpace(q) ? null : q.Trim();
        return
        [
            .. views.Where(v =>
                (filter.Origin is null || v.Origin == filter.Origin)
                && (filter.Enabled is null || v.Enabled == filter.Enabled)
                && (filter.Provider is null || v.Upstreams.Any(u => u.Provider == filter.Provider))
                && (text is null || Contains(v.Id, text) || Contains(v.DisplayName, text) || v.Aliases.Any(a => Contains(a, text)))),
        ];
    }

    private static bool Contains(string? value, string text) => value?.Contains(text, StringComparison.OrdinalIgnoreCase) == true;

    private string WriteCursor(string id, PageQuery page, LogicalModelFilter filter) =>
        WebEncoders.Base64UrlEncode(_protector.Protect(Encoding.UTF8.GetBytes($"{Binding(page, filter)}\n{id}")));

    private string ReadCursor(string cursor, PageQuery page, LogicalModelFilter filter)
    {
        try
        {
            var text = Encoding.UTF8.GetString(_protector.Unprotect(WebEncoders.Base64UrlDecode(cursor)));
            var binding = Binding(page, filter) + "\n";
            if (text.StartsWith(binding, StringComparison.Ordinal))
            {
                return text[binding.Length..];
            }
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            // Answered below like a cursor of another list.
        }

        throw new ProblemException(StatusCodes.Status400BadRequest, "invalid_cursor",
            "The cursor does not belong to this list with these filters; start again without a cursor.");
    }

    private static string Binding(PageQuery page, LogicalModelFilter filter) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{page.Q}\0{filter.Origin}\0{filter.Provider}\0{filter.Enabled}")));
}
