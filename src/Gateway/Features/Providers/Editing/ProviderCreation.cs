using System.Security.Cryptography;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Providers.Catalogue;
using AIHigress.Gateway.Features.Providers.Hosts;
using AIHigress.Gateway.Features.Providers.Keys;
using AIHigress.Gateway.Features.Providers.Proxies;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Providers.Editing;

/// <summary>Makes a provider with its keys and declared models: the platform's for administrators, a private one for everybody else.</summary>
internal sealed class ProviderCreation(
    GatewayDbContext db, ChangeWriter changes, ChangeFeed feed, UpstreamHosts hosts, ProxyPool proxies, KeyFactory keys, ProviderQuota quota, DiscoverySignal discovery, TimeProvider time)
{
    public async Task<ProviderView> RunAsync(CreateProvider input, CurrentUser user, CancellationToken cancellationToken)
    {
        var administrator = user.Has(Permissions.ProvidersManageAll);
        var visibility = input.Visibility ?? (administrator ? ProviderVisibility.Public : ProviderVisibility.Private);
        if (visibility == ProviderVisibility.Public)
        {
            user.Demand(Permissions.ProvidersManageAll);
        }

        var (uri, verdict) = await CheckAsync(input, visibility, administrator, cancellationToken);
        var provider = NewProvider(input, visibility, user, uri, verdict);
        var keyRows = (input.Keys ?? []).Select(key => keys.Create(provider.Id, key)).ToList();
        var modelRows = (input.Models ?? []).Select(model => ProviderMapping.StaticModel(provider.Id, model, provider.CreatedAt)).ToList();
        await SaveAsync(provider, keyRows, modelRows, user, cancellationToken);
        if (provider.Discovery == ModelDiscovery.Auto && input.Check != false)
        {
            discovery.Wake();
        }

        var view = ProviderView.Of(provider, user, modelRows.Count, keyRows);
        return verdict.IsPrivate ? view with { Warnings = [PrivateHostWarning] } : view;
    }

    internal static readonly Warning PrivateHostWarning =
        new("private_host", "The base URL names a private host. Only this provider may call it, and only exactly that host and port.");

    private async Task<(Uri Uri, HostVerdict Verdict)> CheckAsync(
        CreateProvider input, ProviderVisibility visibility, bool administrator, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        ProviderRules.Id(input.Id, errors);
        ProviderRules.Check(input, errors);
        ProxyRules.CheckChoice(null, input.Proxy, administrator, proxies, errors);
        KeyRules.Check(input.Keys, errors);
        if (visibility == ProviderVisibility.Shared)
        {
            errors.Add("visibility", "not_allowed", "must be public or private");
        }

        var uri = BaseUrl.Parse(input.BaseUrl, input.Kind ?? ProviderKinds.OpenAI, errors);
        var verdict = uri is null ? default : await hosts.JudgeAsync(uri, administrator, errors, "base_url", cancellationToken);
        errors.ThrowIfAny();
        return (uri!, verdict);
    }

    private Provider NewProvider(CreateProvider input, ProviderVisibility visibility, CurrentUser user, Uri uri, HostVerdict verdict)
    {
        var now = time.GetUtcNow();
        var provider = new Provider
        {
            Id = input.Id ?? NewId(input.Name!, visibility),
            Name = input.Name!,
            BaseUrl = uri.AbsoluteUri.TrimEnd('/'),
            AllowPrivateHost = verdict.AllowPrivateHost,
            OwnerId = visibility == ProviderVisibility.Private ? user.Id : null,
            Visibility = visibility,
            ReviewStatus = visibility == ProviderVisibility.Public ? ReviewStatus.Approved : ReviewStatus.None,
            CreatedAt = now,
            UpdatedAt = now,
            DiscoveryDueAt = input.Check == false ? now.AddHours(1) : now,
        };
        ProviderMapping.Apply(input, provider);
        return provider;
    }

    private static string NewId(string name, ProviderVisibility visibility)
    {
        var slug = Slug.From(name);
        if (visibility == ProviderVisibility.Public && Slug.IsValid(slug))
        {
            return slug;
        }

        slug = slug.Length == 0 ? "provider" : slug[..Math.Min(slug.Length, 41)].TrimEnd('-');
        return $"{slug}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
    }

    private async Task SaveAsync(
        Provider provider, IReadOnlyList<ProviderKey> keyRows, IReadOnlyList<ProviderModel> modelRows, CurrentUser user, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (provider.OwnerId is not null)
        {
            await quota.TakeAsync(user, cancellationToken);
        }

        db.Providers.Add(provider);
        db.ProviderKeys.AddRange(keyRows);
        db.ProviderModels.AddRange(modelRows);
        var diff = ProviderMapping.Diff(new EditProvider(), ProviderMapping.Document(provider, modelRows.Select(m => m.Model)));
        foreach (var key in keyRows)
        {
            diff.Changed($"keys.{key.Label}");
        }

        try
        {
            await changes.SaveAsync(db, user.Actor, [new AuditEvent("provider.created", $"provider:{provider.Id}", diff.Text)], cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            throw Problems.NameTaken(provider.Id);
        }

        feed.Signal();
    }
}
