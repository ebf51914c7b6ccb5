using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Administration.Configuration.Yaml;
using AIHigress.Gateway.Features.Providers.Catalogue;
using AIHigress.Gateway.Features.Providers.Keys;
using AIHigress.Gateway.Hosting.Settings;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Administration.Configuration.Applying;

/// <summary>Applies a declaration whole, in one transaction, or not at all. Rows that are as declared stay untouched, so a second run changes nothing.</summary>
internal sealed partial class ConfigurationApplier(
    GatewayDbContext db, ChangeWriter changes, ChangeFeed feed, KeyFactory keys, SettingsLayers settings, DiscoverySignal discovery, TimeProvider time, ILogger<ConfigurationApplier> logger)
{
    private static readonly Actor Actor = new(null, "gateway.yaml");

    /// <exception cref="ConfigurationException">A secret is missing, or the file clashes with what was made over the API; nothing was changed.</exception>
    public async Task ApplyAsync(DeclaredConfiguration declared, CancellationToken cancellationToken)
    {
        var secrets = new SecretResolver(declared.File);
        Demand(declared, secrets.ResolveAll(declared));
        var flat = ConfigurationSettings.Flatten(declared, secrets);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await QueueAsync(cancellationToken);
        var faults = new List<ConfigFault>();
        var events = new List<AuditEvent>();
        var now = time.GetUtcNow();
        await new ProviderApplier(db, keys, secrets, now, events).ApplyAsync(declared, faults, cancellationToken);
        await new ModelApplier(db, now, events).ApplyAsync(declared, faults, cancellationToken);
        var apiKeys = new ApiKeyApplier(db, secrets, now, events);
        await apiKeys.ApplyAsync(declared, faults, cancellationToken);
        Demand(declared, faults);
        if (db.ChangeTracker.HasChanges())
        {
            await changes.SaveAsync(db, Actor, events, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            feed.Signal();
            discovery.Wake();
        }

        settings.ConfigurationFile.Replace(flat);
        foreach (var key in apiKeys.Waiting)
        {
            KeyWaitsForUser(key.Name, key.User);
        }
    }

    private static void Demand(DeclaredConfiguration declared, IReadOnlyList<ConfigFault> faults)
    {
        if (faults.Count > 0)
        {
            throw new ConfigurationException(declared.File, faults);
        }
    }

    /// <summary>Replicas that start together apply the same file: they queue on this row.</summary>
    private async Task QueueAsync(CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlRawAsync(
            "INSERT INTO change_versions (name, version) VALUES ('configuration', 1) ON CONFLICT (name) DO UPDATE SET version = change_versions.version + 1",
            cancellationToken);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The declared API key '{Key}' is inactive: there is no user {User} yet")]
    private partial void KeyWaitsForUser(string key, string user);
}
