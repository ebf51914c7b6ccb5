using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Providers;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Models.Logical;

/// <summary>Which logical models a user sees: those with an upstream at a provider the user sees; who manages models sees all.</summary>
internal sealed class ModelVisibility(HashSet<string> providers, bool seesAll)
{
    public static async Task<ModelVisibility> OfAsync(GatewayDbContext db, CurrentUser user, CancellationToken cancellationToken)
    {
        var ids = await db.Providers.AsNoTracking().VisibleTo(db, user).Select(p => p.Id).ToListAsync(cancellationToken);
        return new ModelVisibility(ids.ToHashSet(StringComparer.Ordinal), user.Has(Permissions.ModelsManage));
    }

    /// <summary>Whether a provider may be named; one that does not exist may be to who manages models.</summary>
    public bool Shows(string provider) => seesAll || providers.Contains(provider);

    public bool Shows(LogicalModel model) => seesAll || model.Upstreams.Exists(u => providers.Contains(u.Provider));

    public bool Shows(LogicalRoute automatic)
    {
        if (seesAll)
        {
            return true;
        }

        foreach (var upstream in automatic.Upstreams)
        {
            if (providers.Contains(upstream.Provider.Id))
            {
                return true;
            }
        }

        return false;
    }
}
