using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Hosting.Snapshots;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Models.Routes;

/// <summary>Reads providers, keys, models and logical models, and publishes the route table made of them.</summary>
internal sealed class RouteTableSource(RouteTables tables, ProviderRouteFactory factory, ProviderSecrets secrets) : ISnapshotSource
{
    public async Task<Action> PrepareAsync(GatewayDbContext db, long version, CancellationToken cancellationToken)
    {
        var providers = await db.Providers.AsNoTracking().Where(p => p.DeletedAt == null).OrderBy(p => p.CreatedAt).ThenBy(p => p.Id).ToListAsync(cancellationToken);
        var keys = await db.ProviderKeys.AsNoTracking().OrderBy(k => k.Id).ToListAsync(cancellationToken);
        var keysOf = keys.ToLookup(k => k.ProviderId, StringComparer.Ordinal);
        var shares = await db.ProviderShares.AsNoTracking().Select(s => new { s.ProviderId, s.UserId }).ToListAsync(cancellationToken);
        var sharesOf = shares.ToLookup(s => s.ProviderId, s => s.UserId, StringComparer.Ordinal);
        var routes = providers.ConvertAll(p => factory.Create(p, keysOf[p.Id], sharesOf[p.Id]));
        var models = await ModelsAsync(db, providers, cancellationToken);
        var logical = await db.LogicalModels.AsNoTracking().OrderBy(m => m.Id).ToListAsync(cancellationToken);
        var table = RouteTableBuilder.Build(new RouteTableInput(routes, models, logical), version);
        return () =>
        {
            tables.Publish(table);
            secrets.Keep(keys);
        };
    }

    private static async Task<IReadOnlyList<ServedModel>> ModelsAsync(GatewayDbContext db, List<Provider> providers, CancellationToken cancellationToken)
    {
        // In the providers' order, so that the upstreams of an automatic model are too.
        var order = new Dictionary<string, (int Rank, bool ListOnly)>(providers.Count, StringComparer.Ordinal);
        foreach (var provider in providers)
        {
            order[provider.Id] = (order.Count, provider.Discovery == ModelDiscovery.Off);
        }

        var rows = await db.ProviderModels.AsNoTracking()
            .Select(m => new { m.ProviderId, m.Model, m.Alias, m.Disabled, m.Misses, m.Source, m.CreatedAt, m.Capabilities, m.ContextLength }).ToListAsync(cancellationToken);
        return
        [
            .. from row in rows
               where order.ContainsKey(row.ProviderId)
               let place = order[row.ProviderId]
               let listed = row.Source == ProviderModelSource.Static || !place.ListOnly
               orderby place.Rank, row.Model
               select new ServedModel(row.ProviderId, row.Model, row.Alias, listed && !row.Disabled && row.Misses < 2, row.CreatedAt)
               {
                   WhyOff = row.Disabled ? "model_disabled" : row.Misses >= 2 ? "model_missing" : listed ? null : "model_not_listed",
                   Abilities = Abilities.Of(row.Capabilities),
                   ContextLength = row.ContextLength,
               },
        ];
    }
}
