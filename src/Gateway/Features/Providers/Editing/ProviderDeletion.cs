using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Providers.Editing;

/// <summary>Deletes a provider: the row stays, so that its id is never used again; its keys and models are destroyed.</summary>
internal sealed class ProviderDeletion(GatewayDbContext db, ChangeWriter changes, ChangeFeed feed, IProviderUsers providerUsers, TimeProvider time)
{
    public async Task RunAsync(string id, bool force, CurrentUser user, HttpRequest request, CancellationToken cancellationToken)
    {
        var provider = await ProviderAccess.FindForChangeAsync(db, id, user, cancellationToken);
        EntityTag.Demand(request, provider.Version);
        var usedBy = await providerUsers.OfAsync(id, cancellationToken);
        if (usedBy.Count > 0 && !force)
        {
            throw Problems.Conflict("in_use", "Logical models send requests to this provider; change them first, or delete with force=true.",
                new Dictionary<string, object?> { ["used_by"] = usedBy });
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await DestroyAsync(db, provider, time.GetUtcNow(), cancellationToken);
        try
        {
            await changes.SaveAsync(db, user.Actor, [new AuditEvent("provider.deleted", $"provider:{id}")], cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw Problems.StaleVersion(provider.Version);
        }

        await transaction.CommitAsync(cancellationToken);
        feed.Signal();
    }

    /// <summary>Wipes the secrets and models at once, and marks the row; the caller saves and commits.</summary>
    public static async Task DestroyAsync(GatewayDbContext db, Provider provider, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await db.ProviderKeys.Where(k => k.ProviderId == provider.Id).ExecuteDeleteAsync(cancellationToken);
        await db.ProviderModels.Where(m => m.ProviderId == provider.Id).ExecuteDeleteAsync(cancellationToken);
        await db.ProviderShares.Where(s => s.ProviderId == provider.Id).ExecuteDeleteAsync(cancellationToken);
        provider.DeletedAt = now;
        provider.UpdatedAt = now;
        provider.Version++;
    }
}
