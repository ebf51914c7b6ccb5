using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Providers;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Models.Logical;

/// <summary>The logical models that send requests to a provider.</summary>
internal sealed class ProviderUsers(GatewayDbContext db) : IProviderUsers
{
    public async Task<IReadOnlyList<string>> OfAsync(string providerId, CancellationToken cancellationToken)
    {
        var ids = await db.LogicalModels.AsNoTracking().Where(m => m.Upstreams.Any(u => u.Provider == providerId)).Select(m => m.Id).ToListAsync(cancellationToken);
        return [.. ids.Select(id => $"logical_model:{id}").Order(StringComparer.Ordinal)];
    }

    public async Task<IReadOnlyList<string>> ModelsOfAsync(string providerId, CancellationToken cancellationToken)
    {
        var models = await db.LogicalModels.AsNoTracking().Where(m => m.Enabled && m.Upstreams.Any(u => u.Provider == providerId)).ToListAsync(cancellationToken);
        return
        [
            .. models.SelectMany(m => m.Upstreams).Where(u => u.Enabled && u.Provider == providerId).Select(u => u.Model)
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];
    }
}
