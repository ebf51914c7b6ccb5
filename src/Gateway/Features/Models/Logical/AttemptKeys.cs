using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Usage;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Models.Logical;

/// <summary>Names provider keys for the request log, to owners and operators only.</summary>
internal sealed class AttemptKeys(GatewayDbContext db) : IAttemptKeys
{
    public async Task<IReadOnlyDictionary<Guid, AttemptKey>> FindAsync(IReadOnlyCollection<Guid> ids, CurrentUser user, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return new Dictionary<Guid, AttemptKey>();
        }

        var (seesAll, me) = (ProviderAccess.SeesAll(user), user.Id);
        return await db.ProviderKeys.AsNoTracking()
            .Where(k => ids.Contains(k.Id) && (seesAll || db.Providers.Any(p => p.Id == k.ProviderId && p.OwnerId == me)))
            .ToDictionaryAsync(k => k.Id, k => new AttemptKey(k.Label, k.Hint), cancellationToken);
    }
}
