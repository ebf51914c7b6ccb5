using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Providers;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Models.Logical;

/// <summary>What is allowed about a logical model but probably not meant: upstreams and fallbacks that are not there (yet).</summary>
internal static class LogicalModelWarnings
{
    public static async Task<IReadOnlyList<Warning>?> OfAsync(GatewayDbContext db, RouteTable table, LogicalModel model, CancellationToken cancellationToken)
    {
        var warnings = new List<Warning>();
        var wanted = model.Upstreams.Select(u => u.Provider).Distinct().ToList();
        var found = await db.Providers.Where(p => p.DeletedAt == null && wanted.Contains(p.Id)).Select(p => p.Id).ToListAsync(cancellationToken);
        warnings.AddRange(wanted.Except(found).Select(id => new Warning("provider_missing", $"There is no provider '{id}'; its upstreams are skipped until there is.")));
        var known = await db.ProviderModels.Where(m => found.Contains(m.ProviderId)).Select(m => new { m.ProviderId, m.Model }).ToListAsync(cancellationToken);
        var served = known.Select(m => (m.ProviderId, m.Model)).ToHashSet();
        warnings.AddRange(model.Upstreams
            .Where(u => found.Contains(u.Provider) && !served.Contains((u.Provider, u.Model)))
            .Select(u => new Warning("model_unknown", $"The provider '{u.Provider}' does not list a model '{u.Model}'; it is tried all the same.")));
        var names = await db.ModelNames.Where(n => model.Fallbacks.Contains(n.Name)).Select(n => n.Name).ToListAsync(cancellationToken);
        warnings.AddRange(model.Fallbacks
            .Where(f => !names.Contains(f) && table.Resolve(f) is null)
            .Select(f => new Warning("fallback_missing", $"There is no model '{f}' to fall back to.")));
        return warnings.Count > 0 ? warnings : null;
    }
}
