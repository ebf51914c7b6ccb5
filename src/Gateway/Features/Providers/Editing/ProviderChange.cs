using System.Text.Json;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Providers.Catalogue;
using AIHigress.Gateway.Features.Providers.Hosts;
using AIHigress.Gateway.Features.Providers.Proxies;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Providers.Editing;

/// <summary>Applies a merge patch to a provider under If-Match.</summary>
internal sealed class ProviderChange(
    GatewayDbContext db, ChangeWriter changes, UpstreamHosts hosts, ProxyPool proxies, DiscoverySignal discovery, IOptions<JsonOptions> json, TimeProvider time)
{
    public async Task<ProviderView> RunAsync(string id, JsonElement patch, CurrentUser user, HttpRequest request, CancellationToken cancellationToken)
    {
        var provider = await ProviderAccess.FindForChangeAsync(db, id, user, cancellationToken);
        EntityTag.Demand(request, provider.Version);
        var models = await db.ProviderModels.Where(m => m.ProviderId == id).ToListAsync(cancellationToken);
        var statics = models.Where(m => m.Source == ProviderModelSource.Static).Select(m => m.Model).ToArray();
        var before = ProviderMapping.Document(provider, statics);
        var input = MergePatch.Apply(before, patch, json.Value.SerializerOptions);
        var warnings = await ApplyAsync(provider, before, input, user, cancellationToken);
        ApplyModels(provider, models, input.Models ?? []);
        var after = ProviderMapping.Document(provider, input.Models ?? []);
        var diff = ProviderMapping.Diff(before, after);
        if (!diff.IsEmpty)
        {
            await SaveAsync(provider, diff, user, cancellationToken);
        }

        if (provider.Discovery == ModelDiscovery.Auto && (before.BaseUrl != after.BaseUrl || before.Kind != after.Kind || before.Discovery != after.Discovery))
        {
            discovery.Wake();
        }

        var keys = await db.ProviderKeys.AsNoTracking().Where(k => k.ProviderId == id).OrderBy(k => k.Id).ToListAsync(cancellationToken);
        var count = await db.ProviderModels.CountAsync(m => m.ProviderId == id, cancellationToken);
        var health = await db.ProviderHealth.AsNoTracking().SingleOrDefaultAsync(h => h.ProviderId == id, cancellationToken);
        return ProviderView.Of(provider, user, count, keys).With(health) with { Warnings = warnings };
    }

    private async Task<Warning[]?> ApplyAsync(
        Provider provider, EditProvider before, EditProvider input, CurrentUser user, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        ProviderRules.Check(input, errors);
        ProxyRules.CheckChoice(before.Proxy, input.Proxy, user.Has(Permissions.ProvidersManageAll), proxies, errors);
        var uri = BaseUrl.Parse(input.BaseUrl, input.Kind ?? ProviderKinds.OpenAI, errors);
        var verdict = default(HostVerdict);
        var moved = uri is not null && uri.AbsoluteUri.TrimEnd('/') != before.BaseUrl;
        if (moved)
        {
            verdict = await hosts.JudgeAsync(uri!, user.Has(Permissions.ProvidersManageAll), errors, "base_url", cancellationToken);
        }

        errors.ThrowIfAny();
        ProviderMapping.Apply(input, provider);
        if (moved)
        {
            provider.BaseUrl = uri!.AbsoluteUri.TrimEnd('/');
            provider.AllowPrivateHost = verdict.AllowPrivateHost;
        }

        if (moved || before.Kind != provider.Kind || before.Discovery != provider.Discovery)
        {
            provider.DiscoveryDueAt = time.GetUtcNow();
        }

        if (provider.Visibility == ProviderVisibility.Public && (moved || before.Kind != provider.Kind) && !user.Has(Permissions.ProvidersReview))
        {
            // What was approved is another thing now.
            provider.ReviewStatus = ReviewStatus.Pending;
        }

        return verdict.IsPrivate ? [ProviderCreation.PrivateHostWarning] : null;
    }

    /// <summary>Makes the declared list so; a discovered model that is declared now stays for good, one no longer declared goes.</summary>
    private void ApplyModels(Provider provider, List<ProviderModel> rows, string[] declared)
    {
        var now = time.GetUtcNow();
        var wanted = declared.ToHashSet(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (wanted.Remove(row.Model))
            {
                row.Source = ProviderModelSource.Static;
            }
            else if (row.Source == ProviderModelSource.Static)
            {
                db.ProviderModels.Remove(row);
            }
        }

        db.ProviderModels.AddRange(wanted.Select(model => ProviderMapping.StaticModel(provider.Id, model, now)));
    }

    private async Task SaveAsync(Provider provider, AuditDiff diff, CurrentUser user, CancellationToken cancellationToken)
    {
        provider.Version++;
        provider.UpdatedAt = time.GetUtcNow();
        try
        {
            await changes.SaveAsync(db, user.Actor, [new AuditEvent("provider.updated", $"provider:{provider.Id}", diff.Text)], cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw Problems.StaleVersion(await db.Providers.Where(p => p.Id == provider.Id).Select(p => p.Version).SingleAsync(cancellationToken));
        }
    }
}
