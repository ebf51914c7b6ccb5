using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Providers.Editing;

/// <summary>How many private providers a user may have.</summary>
public sealed record ProviderQuotaView(int Limit, int Used, bool Unlimited);

internal sealed class ProviderQuota(GatewayDbContext db, IOptionsMonitor<ProvidersOptions> options)
{
    public async Task<ProviderQuotaView> ReadAsync(CurrentUser user, CancellationToken cancellationToken)
    {
        var used = await db.Providers.CountAsync(p => p.OwnerId == user.Id && p.DeletedAt == null, cancellationToken);
        return new ProviderQuotaView(options.CurrentValue.PrivateProviderLimit, used, user.IsSuperuser);
    }

    /// <summary>Takes one place within the current transaction; the user's row is locked, so two at once can't take the last one twice.</summary>
    /// <exception cref="ProblemException">403 quota_reached.</exception>
    public async Task TakeAsync(CurrentUser user, CancellationToken cancellationToken)
    {
        await db.Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.UpdatedAt, u => u.UpdatedAt), cancellationToken);
        var quota = await ReadAsync(user, cancellationToken);
        if (!quota.Unlimited && quota.Used >= quota.Limit)
        {
            throw new ProblemException(StatusCodes.Status403Forbidden, "quota_reached",
                $"You may have {quota.Limit} private providers; delete one, or ask an administrator.")
            {
                Params = new Dictionary<string, object?> { ["limit"] = quota.Limit, ["used"] = quota.Used },
            };
        }
    }
}
