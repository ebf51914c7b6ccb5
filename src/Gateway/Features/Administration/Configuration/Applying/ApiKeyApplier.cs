using System.Security.Cryptography;
using System.Text;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Administration.Configuration.Yaml;
using AIHigress.Gateway.Features.Identity;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Administration.Configuration.Applying;

/// <summary>Makes the stored API keys that gateway.yaml manages equal to what it declares. Only digests are stored.</summary>
internal sealed class ApiKeyApplier(GatewayDbContext db, SecretResolver secrets, DateTimeOffset now, List<AuditEvent> events)
{
    /// <summary>Keys whose user does not exist yet; they are stored, and work once the user is there.</summary>
    public List<DeclaredApiKey> Waiting { get; } = [];

    public async Task ApplyAsync(DeclaredConfiguration declared, List<ConfigFault> faults, CancellationToken cancellationToken)
    {
        var rows = await db.ApiKeys.Where(k => k.ManagedBy == ManagedBy.Configuration && k.DeletedAt == null).ToListAsync(cancellationToken);
        var users = await UsersAsync(declared, cancellationToken);
        var kept = new HashSet<Guid>();
        foreach (var key in declared.ApiKeys)
        {
            var userId = users.TryGetValue(key.User.ToUpperInvariant(), out var id) ? id : (Guid?)null;
            var digest = SHA256.HashData(Encoding.UTF8.GetBytes(secrets.Of(key.Reference)));
            if (await ClashAsync(key, userId, digest, cancellationToken) is { } clash)
            {
                faults.Add(key.Place.Fault(clash.Field, clash.Rule));
                continue;
            }

            if (userId is null)
            {
                Waiting.Add(key);
            }

            var row = rows.Find(k => k.Name == key.Name && string.Equals(k.DeclaredUser, key.User, StringComparison.OrdinalIgnoreCase));
            kept.Add(Apply(key, row, userId, digest).Id);
        }

        foreach (var row in rows.Where(r => !kept.Contains(r.Id)))
        {
            row.Digest = null;
            row.DeletedAt = now;
            row.UpdatedAt = now;
            events.Add(new AuditEvent("api_key.deleted", $"api_key:{row.Id}"));
        }

        DuplicateSecrets(declared, faults);
    }

    private async Task<Dictionary<string, Guid>> UsersAsync(DeclaredConfiguration declared, CancellationToken cancellationToken)
    {
        var emails = declared.ApiKeys.Select(k => k.User.ToUpperInvariant()).Distinct().ToList();
        return await db.Users.AsNoTracking().Where(u => u.DeletedAt == null && u.NormalizedEmail != null && emails.Contains(u.NormalizedEmail))
            .ToDictionaryAsync(u => u.NormalizedEmail!, u => u.Id, cancellationToken);
    }

    private async Task<(string Field, string Rule)?> ClashAsync(DeclaredApiKey key, Guid? userId, byte[] digest, CancellationToken cancellationToken)
    {
        var others = db.ApiKeys.AsNoTracking().Where(k => k.DeletedAt == null && k.ManagedBy == null);
        if (await others.Where(k => k.Digest == digest).Select(k => k.Name).FirstOrDefaultAsync(cancellationToken) is { } holder)
        {
            return ("key", $"is the key '{holder}' that was made over the API");
        }

        return userId is not null && await others.AnyAsync(k => k.UserId == userId && k.Name == key.Name, cancellationToken)
            ? ("name", $"the user has a key named '{key.Name}' that was made over the API; choose another name")
            : null;
    }

    private ApiKey Apply(DeclaredApiKey key, ApiKey? existing, Guid? userId, byte[] digest)
    {
        var secret = secrets.Of(key.Reference);
        var row = existing ?? new ApiKey { Name = key.Name, Prefix = "", DeclaredUser = key.User, ManagedBy = ManagedBy.Configuration, CreatedAt = now, UpdatedAt = now };
        var diff = new AuditDiff()
            .Add("user", existing?.UserId, userId)
            .Add("allowed_models", existing?.AllowedModels, key.AllowedModels)
            .Add("allowed_provider_ids", existing?.AllowedProviderIds, key.AllowedProviderIds)
            .Add("limits", existing?.Limits, key.Limits)
            .Add("budget", existing?.Budget, key.Budget);
        if (row.Digest is null || !row.Digest.AsSpan().SequenceEqual(digest))
        {
            diff.Changed("key");
            row.Digest = digest;
            row.Prefix = secret[..Math.Min(12, secret.Length / 4)];
        }

        if (diff.IsEmpty)
        {
            return row;
        }

        row.UserId = userId;
        row.AllowedModels = key.AllowedModels;
        row.AllowedProviderIds = key.AllowedProviderIds;
        (row.Limits, row.Budget) = (key.Limits, key.Budget);
        row.UpdatedAt = now;
        if (existing is null)
        {
            db.ApiKeys.Add(row);
        }

        events.Add(new AuditEvent(existing is null ? "api_key.created" : "api_key.updated", $"api_key:{row.Id}", diff.Text));
        return row;
    }

    private void DuplicateSecrets(DeclaredConfiguration declared, List<ConfigFault> faults)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in declared.ApiKeys.Where(key => !seen.Add(secrets.Of(key.Reference))))
        {
            faults.Add(key.Place.Fault("key", "is the same secret as that of another declared key"));
        }
    }
}
