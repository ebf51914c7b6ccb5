using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Administration.Configuration.Yaml;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Providers.Editing;
using AIHigress.Gateway.Features.Providers.Keys;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Administration.Configuration.Applying;

/// <summary>Makes the stored providers that gateway.yaml manages equal to what it declares.</summary>
internal sealed class ProviderApplier(GatewayDbContext db, KeyFactory keyFactory, SecretResolver secrets, DateTimeOffset now, List<AuditEvent> events)
{
    public async Task ApplyAsync(DeclaredConfiguration declared, List<ConfigFault> faults, CancellationToken cancellationToken)
    {
        var ids = declared.Providers.Select(p => p.Fields.Id!).ToList();
        var rows = await db.Providers.Where(p => ids.Contains(p.Id) || (p.ManagedBy == ManagedBy.Configuration && p.DeletedAt == null)).ToDictionaryAsync(p => p.Id, cancellationToken);
        var touched = rows.Keys.ToList();
        var keys = (await db.ProviderKeys.Where(k => touched.Contains(k.ProviderId)).ToListAsync(cancellationToken)).ToLookup(k => k.ProviderId);
        var models = (await db.ProviderModels.Where(m => touched.Contains(m.ProviderId)).ToListAsync(cancellationToken)).ToLookup(m => m.ProviderId);
        foreach (var provider in declared.Providers)
        {
            var row = rows.GetValueOrDefault(provider.Fields.Id!);
            if (row is not null && row.ManagedBy != ManagedBy.Configuration)
            {
                faults.Add(provider.Place.Fault("id", row.DeletedAt is null
                    ? $"the id '{row.Id}' belongs to a provider that was made over the API; choose another id"
                    : $"the id '{row.Id}' belonged to a provider that is deleted, and ids are never used again; choose another id"));
                continue;
            }

            Apply(provider, row, [.. keys[provider.Fields.Id!]], [.. models[provider.Fields.Id!]]);
        }

        foreach (var row in rows.Values.Where(r => r.ManagedBy == ManagedBy.Configuration && r.DeletedAt is null && !ids.Contains(r.Id)))
        {
            db.ProviderKeys.RemoveRange(keys[row.Id]);
            db.ProviderModels.RemoveRange(models[row.Id]);
            row.DeletedAt = now;
            row.UpdatedAt = now;
            row.Version++;
            events.Add(new AuditEvent("provider.deleted", $"provider:{row.Id}"));
        }
    }

    private void Apply(DeclaredProvider declared, Provider? existing, List<ProviderKey> keys, List<ProviderModel> models)
    {
        var fields = declared.Fields;
        var row = existing ?? NewRow(declared);
        var statics = models.Where(m => m.Source == ProviderModelSource.Static).Select(m => m.Model);
        var before = existing is { DeletedAt: null } ? ProviderMapping.Document(row, statics) : new EditProvider();
        var url = declared.BaseUrl.AbsoluteUri.TrimEnd('/');
        var moved = row.BaseUrl != url || row.Kind != (fields.Kind ?? ProviderKinds.OpenAI);
        ProviderMapping.Apply(fields, row);
        row.BaseUrl = url;
        row.AllowPrivateHost = true;
        row.DeletedAt = null;
        ApplyModels(row, models, fields.Models);
        var diff = ProviderMapping.Diff(before, ProviderMapping.Document(row, fields.Models ?? []));
        var keysChanged = ApplyKeys(row, keys, fields.Keys ?? [], diff);
        if (existing is null)
        {
            db.Providers.Add(row);
        }

        if (diff.IsEmpty)
        {
            return;
        }

        row.Version += existing is null ? 0 : 1;
        row.UpdatedAt = now;
        row.DiscoveryDueAt = moved || keysChanged || before.Discovery != row.Discovery ? now : row.DiscoveryDueAt;
        events.Add(new AuditEvent(before.Name is null ? "provider.created" : "provider.updated", $"provider:{row.Id}", diff.Text));
    }

    private Provider NewRow(DeclaredProvider declared) => new()
    {
        Id = declared.Fields.Id!,
        Name = declared.Fields.Name!,
        BaseUrl = "",
        Visibility = ProviderVisibility.Public,
        ManagedBy = ManagedBy.Configuration,
        CreatedAt = now,
        UpdatedAt = now,
        DiscoveryDueAt = now,
    };

    private bool ApplyKeys(Provider row, List<ProviderKey> existing, NewProviderKey[] declared, AuditDiff diff)
    {
        var changed = false;
        var labels = declared.Select(k => k.Label!.Trim()).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in existing.Where(k => !labels.Contains(k.Label)))
        {
            db.ProviderKeys.Remove(gone);
            diff.Changed($"keys.{gone.Label}");
        }

        foreach (var key in declared)
        {
            var secret = secrets.Of(key.Key!);
            var stored = existing.Find(k => k.Label == key.Label!.Trim());
            var same = stored is not null && stored.Digest.AsSpan().SequenceEqual(KeyRules.Digest(secret));
            if (stored is null || (!same && HasSecret(existing, secret)))
            {
                // A secret that moves between labels: the old row goes, for two rows may not hold the same one.
                if (stored is not null)
                {
                    db.ProviderKeys.Remove(stored);
                }

                db.ProviderKeys.Add(keyFactory.Create(row.Id, key with { Key = secret }));
            }
            else
            {
                Update(stored, key, same ? null : secret, diff);
            }

            if (!same)
            {
                diff.Changed($"keys.{key.Label}");
                changed = true;
            }
        }

        return changed;
    }

    private static bool HasSecret(List<ProviderKey> keys, string secret)
    {
        var digest = KeyRules.Digest(secret);
        return keys.Exists(k => k.Digest.AsSpan().SequenceEqual(digest));
    }

    private void Update(ProviderKey stored, NewProviderKey key, string? secret, AuditDiff diff)
    {
        var weight = key.Weight ?? 1;
        if (stored.Weight != weight || stored.MaxQps != key.MaxQps || stored.Rpm != key.Rpm || stored.Tpm != key.Tpm || stored.MaxConcurrency != key.MaxConcurrency)
        {
            diff.Changed($"keys.{key.Label}");
            stored.UpdatedAt = now;
        }

        stored.Weight = weight;
        stored.MaxQps = key.MaxQps;
        (stored.Rpm, stored.Tpm) = (key.Rpm, key.Tpm);
        stored.MaxConcurrency = key.MaxConcurrency;
        if (secret is not null)
        {
            keyFactory.SetSecret(stored, secret);
            stored.UpdatedAt = now;
        }
    }

    private void ApplyModels(Provider row, List<ProviderModel> existing, string[]? declared)
    {
        var wanted = (declared ?? []).ToHashSet(StringComparer.Ordinal);
        foreach (var model in existing)
        {
            if (wanted.Remove(model.Model))
            {
                model.Source = ProviderModelSource.Static;
            }
            else if (declared is null && model.Source == ProviderModelSource.Static)
            {
                // The provider is asked from now on, and tells whether it still has this one.
                model.Source = ProviderModelSource.Discovered;
            }
            else if (declared is not null && (model.Source == ProviderModelSource.Static || !model.IsEdited))
            {
                db.ProviderModels.Remove(model);
            }
        }

        db.ProviderModels.AddRange(wanted.Select(model => ProviderMapping.StaticModel(row.Id, model, now)));
    }
}
