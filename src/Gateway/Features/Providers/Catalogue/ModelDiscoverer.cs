using System.Collections.Concurrent;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Providers.Editing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Providers.Catalogue;

/// <summary>Asks one provider for its models and stores what it says. A failed look keeps what was known and stores the error.</summary>
internal sealed class ModelDiscoverer(
    GatewayDbContext db, ChangeWriter changes, ProviderRouteFactory routes, IProviderClient client, DiscoveryGates gates, IOptionsMonitor<ProvidersOptions> options, TimeProvider time)
{
    private static readonly TimeSpan RetryAfterFailure = TimeSpan.FromMinutes(5);

    /// <exception cref="ProviderCallException">The provider did not answer with a model list; already stored.</exception>
    public async Task<DiscoveryCounts> RunAsync(string providerId, Actor actor, CancellationToken cancellationToken)
    {
        // One look at a time per provider: two would add the same rows.
        var gate = gates.Of(providerId);
        await gate.WaitAsync(cancellationToken);
        try
        {
            return await LookAsync(providerId, actor, cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<DiscoveryCounts> LookAsync(string providerId, Actor actor, CancellationToken cancellationToken)
    {
        var provider = await db.Providers.AsNoTracking().SingleAsync(p => p.Id == providerId, cancellationToken);
        var keys = await db.ProviderKeys.AsNoTracking().Where(k => k.ProviderId == providerId).OrderBy(k => k.Id).ToListAsync(cancellationToken);
        var route = routes.Create(provider, keys);
        IReadOnlyList<string> listed;
        try
        {
            listed = await client.ListModelsAsync(route, route.Keys.Count > 0 ? route.Keys[0] : null, cancellationToken);
        }
        catch (ProviderCallException e)
        {
            await NoteFailureAsync(providerId, e.Message, cancellationToken);
            throw;
        }

        listed = [.. listed.Where(ProviderRules.IsModelId).Distinct(StringComparer.Ordinal).Take(ProviderRules.MaxModels)];
        var counts = await StoreAsync(providerId, listed, actor, cancellationToken);
        await NoteSuccessAsync(providerId, cancellationToken);
        return counts;
    }

    private async Task<DiscoveryCounts> StoreAsync(string providerId, IReadOnlyList<string> listed, Actor actor, CancellationToken cancellationToken)
    {
        var rows = await db.ProviderModels.Where(m => m.ProviderId == providerId).ToListAsync(cancellationToken);
        var (counts, added, removed) = ModelMerge.Run(providerId, rows, listed, time.GetUtcNow());
        db.ProviderModels.AddRange(added);
        db.ProviderModels.RemoveRange(removed);
        if (counts.Changed)
        {
            var diff = new AuditDiff().Add("added", [], added.Select(m => m.Model).Take(100)).Add("missing", 0, counts.Missing).Add("back", 0, counts.Updated);
            await changes.SaveAsync(db, actor, [new AuditEvent("provider.discovered", $"provider:{providerId}", diff.Text)], cancellationToken);
        }
        else
        {
            // Only "last seen" moved: nothing to route anew.
            await db.SaveChangesAsync(cancellationToken);
        }

        return counts;
    }

    private async Task NoteSuccessAsync(string providerId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var due = now + Jittered(TimeSpan.FromSeconds(options.CurrentValue.DiscoveryIntervalSeconds));
        await db.Providers.Where(p => p.Id == providerId).ExecuteUpdateAsync(
            set => set.SetProperty(p => p.DiscoveredAt, now).SetProperty(p => p.DiscoveryError, (string?)null).SetProperty(p => p.DiscoveryDueAt, due),
            cancellationToken);
    }

    private async Task NoteFailureAsync(string providerId, string error, CancellationToken cancellationToken)
    {
        var interval = TimeSpan.FromSeconds(options.CurrentValue.DiscoveryIntervalSeconds);
        var due = time.GetUtcNow() + Jittered(interval < RetryAfterFailure ? interval : RetryAfterFailure);
        var text = error.Length > 500 ? error[..500] : error;
        await db.Providers.Where(p => p.Id == providerId).ExecuteUpdateAsync(
            set => set.SetProperty(p => p.DiscoveryError, text).SetProperty(p => p.DiscoveryDueAt, due), cancellationToken);
    }

    /// <summary>Ten percent either way, so that a thousand providers are not all asked in one second.</summary>
    private static TimeSpan Jittered(TimeSpan interval) => interval * (0.9 + (Random.Shared.NextDouble() * 0.2));
}

/// <summary>One gate per provider that is being asked.</summary>
internal sealed class DiscoveryGates
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _gates = new(StringComparer.Ordinal);

    public SemaphoreSlim Of(string providerId) => _gates.GetOrAdd(providerId, static _ => new SemaphoreSlim(1));
}
