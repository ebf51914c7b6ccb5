using System.Text.Json;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Providers;
using AIHigress.Gateway.Features.Providers.Proxies;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Administration.Proxies.Sources;

/// <summary>Makes, changes and deletes lists; the proxies of a deleted list go with it.</summary>
internal sealed class ProxySourceChange(
    GatewayDbContext db,
    ChangeWriter changes,
    ProxySourceSync sync,
    SecretProtector protector,
    IOptionsMonitor<ProvidersOptions> providers,
    IOptionsMonitor<UpstreamProxyOptions> options,
    TimeProvider time)
{
    public async Task<ProxySourceView> CreateAsync(CreateProxySource input, CurrentUser user, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var kind = input.Kind ?? (input.Url is null ? ProxySourceKind.Static : ProxySourceKind.Remote);
        ProxySourceRules.Check(input, kind, isNew: true, providers.CurrentValue, errors);
        errors.ThrowIfAny();
        var now = time.GetUtcNow();
        var source = new ProxySource { Name = "", Kind = kind, CreatedAt = now, RefreshDueAt = now };
        Apply(input, source, now);
        SetSecrets(input.Url, input.Headers, source);
        db.ProxySources.Add(source);
        var result = input.Lines is null ? null : await sync.ApplyAsync(source, input.Lines, cancellationToken);
        var diff = Diff(new EditProxySource(), Document(source));
        await SaveAsync(source, new AuditEvent("proxy_source.created", Target(source), Secrets(diff, input.Url, input.Headers, input.Lines).Text), user, cancellationToken);
        return ProxySourceView.Of(source, result?.Total ?? 0) with { Faults = result?.Faults };
    }

    public async Task<ProxySourceView> ChangeAsync(
        Guid id, PatchOf<EditProxySource> patch, CurrentUser user, HttpRequest request, CancellationToken cancellationToken)
    {
        var source = await FindAsync(id, cancellationToken);
        EntityTag.Demand(request, source.Version);
        var before = Document(source);

        // A header of no name stands for the stored ones: a patch that leaves headers out keeps them, null clears them.
        var kept = new Dictionary<string, string> { [""] = "" };
        var input = patch.ApplyTo(before with { Headers = kept });
        var headersKept = input.Headers?.Remove("") == true && input.Headers.Count == 0;
        var errors = new FieldErrors();
        ProxySourceRules.Check(input, source.Kind, isNew: false, providers.CurrentValue, errors);
        errors.ThrowIfAny();
        var now = time.GetUtcNow();
        Apply(input, source, now);
        SetSecrets(input.Url, headersKept ? null : input.Headers ?? [], source);
        source.RefreshDueAt = input.Url is null && headersKept ? source.RefreshDueAt : now;
        var result = input.Lines is null ? null : await sync.ApplyAsync(source, input.Lines, cancellationToken);
        var headersChanged = headersKept ? null : input.Headers ?? [];
        var diff = Secrets(Diff(before, Document(source)), input.Url, headersChanged, input.Lines);
        if (!diff.IsEmpty)
        {
            source.Version++;
            await SaveAsync(source, new AuditEvent("proxy_source.updated", Target(source), diff.Text), user, cancellationToken);
        }

        return ProxySourceView.Of(source, await db.Proxies.CountAsync(p => p.SourceId == id, cancellationToken)) with { Faults = result?.Faults };
    }

    public async Task DeleteAsync(Guid id, CurrentUser user, HttpRequest request, CancellationToken cancellationToken)
    {
        var source = await FindAsync(id, cancellationToken);
        EntityTag.Demand(request, source.Version);
        var mine = await db.Proxies.Where(p => p.SourceId == id).ToListAsync(cancellationToken);
        var names = mine.ConvertAll(p => p.Id.ToString());
        var usedBy = await db.Providers.Where(p => p.DeletedAt == null && names.Contains(p.Proxy)).OrderBy(p => p.Id).Select(p => p.Id).ToListAsync(cancellationToken);
        if (usedBy.Count > 0)
        {
            throw Problems.Conflict("in_use", "Providers name proxies of this list; change them first.", new Dictionary<string, object?> { ["used_by"] = usedBy });
        }

        db.Proxies.RemoveRange(mine);
        db.ProxySources.Remove(source);
        await SaveAsync(source, new AuditEvent("proxy_source.deleted", Target(source)), user, cancellationToken);
    }

    public async Task<ProxySource> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await db.ProxySources.SingleOrDefaultAsync(s => s.Id == id, cancellationToken) ?? throw Problems.NotFound();

    private static string Target(ProxySource source) => $"proxy_source:{source.Id}";

    private static EditProxySource Document(ProxySource source) => new()
    {
        Name = source.Name,
        Scheme = source.Scheme,
        Enabled = source.Enabled,
        IntervalSeconds = source.IntervalSeconds,
    };

    private static AuditDiff Diff(EditProxySource before, EditProxySource after) => new AuditDiff()
        .Add("name", before.Name, after.Name)
        .Add("scheme", before.Scheme, after.Scheme)
        .Add("enabled", before.Enabled, after.Enabled)
        .Add("interval_seconds", before.IntervalSeconds, after.IntervalSeconds);

    private static AuditDiff Secrets(AuditDiff diff, string? url, Dictionary<string, string>? headers, string? lines)
    {
        foreach (var (name, isGiven) in new[] { ("url", url is not null), ("headers", headers is not null), ("lines", lines is not null) })
        {
            if (isGiven)
            {
                diff.Changed(name);
            }
        }

        return diff;
    }

    private void Apply(ProxySourceFields input, ProxySource source, DateTimeOffset now)
    {
        source.Name = input.Name!.Trim();
        source.Scheme = input.Scheme ?? ProxyScheme.Http;
        source.Enabled = input.Enabled ?? true;
        source.IntervalSeconds = input.IntervalSeconds ?? options.CurrentValue.RefreshIntervalSeconds;
        source.UpdatedAt = now;
    }

    private void SetSecrets(string? url, Dictionary<string, string>? headers, ProxySource source)
    {
        source.Url = url is null ? source.Url : protector.Protect(url);
        source.Headers = headers switch
        {
            null => source.Headers,
            { Count: 0 } => null,
            _ => protector.Protect(JsonSerializer.Serialize(headers)),
        };
    }

    private async Task SaveAsync(ProxySource source, AuditEvent change, CurrentUser user, CancellationToken cancellationToken)
    {
        try
        {
            await changes.SaveAsync(db, user.Actor, [change], cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw Problems.StaleVersion(source.Version);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            throw Problems.NameTaken(source.Name);
        }
    }
}
