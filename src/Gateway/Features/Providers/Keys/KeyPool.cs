using System.Text.Json;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Providers.Catalogue;
using AIHigress.Gateway.Features.Providers.Editing;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Providers.Keys;

/// <summary>Changes of a provider's keys. Each also asks for the provider's models anew: another key may see other models.</summary>
internal sealed class KeyPool(
    GatewayDbContext db, ChangeWriter changes, KeyFactory factory, DiscoverySignal discovery, IOptions<JsonOptions> json, TimeProvider time)
{
    public async Task<ProviderKeyView> AddAsync(string providerId, NewProviderKey input, CurrentUser user, CancellationToken cancellationToken)
    {
        var provider = await ProviderAccess.FindForChangeAsync(db, providerId, user, cancellationToken);
        var errors = new FieldErrors();
        KeyRules.Check(input, "", errors);
        errors.ThrowIfAny();
        if (await db.ProviderKeys.CountAsync(k => k.ProviderId == providerId, cancellationToken) >= KeyRules.MaxKeys)
        {
            throw Problems.Conflict("conflict", $"A provider has at most {KeyRules.MaxKeys} keys.");
        }

        var key = factory.Create(providerId, input);
        db.ProviderKeys.Add(key);
        await SaveAsync(provider, new AuditEvent("provider_key.created", Target(key), new AuditDiff().Changed("key").Text), key.Label, rediscover: true, user, cancellationToken);
        return ProviderKeyView.Of(key);
    }

    public async Task<ProviderKeyView> ChangeAsync(string providerId, Guid keyId, JsonElement patch, CurrentUser user, CancellationToken cancellationToken)
    {
        var provider = await ProviderAccess.FindForChangeAsync(db, providerId, user, cancellationToken);
        var key = await FindAsync(providerId, keyId, cancellationToken);
        var before = Document(key);
        var input = MergePatch.Apply(before, patch, json.Value.SerializerOptions);
        Check(input);
        key.Label = input.Label!.Trim();
        key.Weight = input.Weight ?? 1;
        key.MaxQps = input.MaxQps;
        (key.Rpm, key.Tpm) = (input.Rpm, input.Tpm);
        key.MaxConcurrency = input.MaxConcurrency;
        key.Status = input.Status ?? ProviderKeyStatus.Active;
        key.UpdatedAt = time.GetUtcNow();
        var diff = Diff(before, Document(key));
        if (!string.IsNullOrWhiteSpace(input.Key))
        {
            factory.SetSecret(key, input.Key);
            diff.Changed("key");
        }

        await SaveAsync(provider, new AuditEvent("provider_key.updated", Target(key), diff.Text), key.Label, rediscover: input.Key is not null, user, cancellationToken);
        return ProviderKeyView.Of(key);
    }

    public async Task RemoveAsync(string providerId, Guid keyId, CurrentUser user, CancellationToken cancellationToken)
    {
        var provider = await ProviderAccess.FindForChangeAsync(db, providerId, user, cancellationToken);
        var key = await FindAsync(providerId, keyId, cancellationToken);
        db.ProviderKeys.Remove(key);
        await SaveAsync(provider, new AuditEvent("provider_key.deleted", Target(key)), key.Label, rediscover: false, user, cancellationToken);
    }

    private static string Target(ProviderKey key) => $"provider:{key.ProviderId}/keys/{key.Label}";

    private static EditProviderKey Document(ProviderKey key) => new()
    {
        Label = key.Label,
        Weight = key.Weight,
        MaxQps = key.MaxQps,
        Rpm = key.Rpm,
        Tpm = key.Tpm,
        MaxConcurrency = key.MaxConcurrency,
        Status = key.Status,
    };

    private static AuditDiff Diff(EditProviderKey before, EditProviderKey after) => new AuditDiff()
        .Add("label", before.Label, after.Label)
        .Add("weight", before.Weight, after.Weight)
        .Add("max_qps", before.MaxQps, after.MaxQps)
        .Add("rpm", before.Rpm, after.Rpm)
        .Add("tpm", before.Tpm, after.Tpm)
        .Add("max_concurrency", before.MaxConcurrency, after.MaxConcurrency)
        .Add("status", before.Status, after.Status);

    private static void Check(EditProviderKey input)
    {
        var errors = new FieldErrors();
        if (string.IsNullOrWhiteSpace(input.Label))
        {
            errors.Required("label");
        }

        if (input.Key is not null && string.IsNullOrWhiteSpace(input.Key))
        {
            errors.Required("key");
        }

        KeyRules.Label(input.Label, "", errors);
        KeyRules.Secret(input.Key, "", errors);
        KeyRules.Traffic(input.Weight, input.MaxQps, input.MaxConcurrency, "", errors);
        KeyRules.PerMinute(input.Rpm, input.Tpm, "", errors);
        errors.ThrowIfAny();
    }

    private async Task<ProviderKey> FindAsync(string providerId, Guid keyId, CancellationToken cancellationToken) =>
        await db.ProviderKeys.SingleOrDefaultAsync(k => k.ProviderId == providerId && k.Id == keyId, cancellationToken) ?? throw Problems.NotFound();

    private async Task SaveAsync(Provider provider, AuditEvent change, string label, bool rediscover, CurrentUser user, CancellationToken cancellationToken)
    {
        if (rediscover)
        {
            provider.DiscoveryDueAt = time.GetUtcNow();
        }

        try
        {
            await changes.SaveAsync(db, user.Actor, [change], cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw Problems.Conflict("conflict", "The provider was changed at the same moment; try again.");
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            throw Problems.Conflict("name_taken", $"The provider has a key labelled '{label}', or with the same secret, already.",
                new Dictionary<string, object?> { ["name"] = label });
        }

        if (rediscover)
        {
            discovery.Wake();
        }
    }
}
