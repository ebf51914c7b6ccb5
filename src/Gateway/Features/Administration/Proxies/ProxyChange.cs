using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Providers.Proxies;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Administration.Proxies;

/// <summary>Makes, changes and deletes single proxies.</summary>
internal sealed class ProxyChange(GatewayDbContext db, ChangeWriter changes, ProxySecrets secrets, TimeProvider time)
{
    public async Task<ProxyView> CreateAsync(CreateProxy input, CurrentUser user, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        ProxyRules.Check(input, errors);
        errors.ThrowIfAny();
        var now = time.GetUtcNow();
        var proxy = new UpstreamProxy { Host = "", CreatedAt = now };
        Apply(input, proxy, now);
        proxy.Password = secrets.Protect(input.Password);
        db.Proxies.Add(proxy);
        var diff = Diff(new EditProxy(), Document(proxy));
        if (proxy.Password is not null)
        {
            diff.Changed("password");
        }

        await SaveAsync(proxy, new AuditEvent("proxy.created", Target(proxy), diff.Text), user, cancellationToken);
        return ProxyView.Of(proxy, now);
    }

    public async Task<ProxyView> ChangeAsync(Guid id, PatchOf<EditProxy> patch, CurrentUser user, HttpRequest request, CancellationToken cancellationToken)
    {
        var proxy = await FindAsync(id, cancellationToken);
        EntityTag.Demand(request, proxy.Version);
        var before = Document(proxy);

        // Present and empty stands for the stored password: a patch that leaves it out keeps it, null clears it.
        const string kept = "";
        var input = patch.ApplyTo(before with { Password = kept });
        var errors = new FieldErrors();
        ProxyRules.Check(input, errors);
        if (proxy.Password is not null && input.Password == kept && string.IsNullOrEmpty(input.Username))
        {
            errors.Add("username", "conflict", "can't be cleared while there is a password; clear that, too");
        }

        errors.ThrowIfAny();
        var now = time.GetUtcNow();
        var key = ProxyKey.Of(proxy);
        Apply(input, proxy, now);
        var diff = Diff(before, Document(proxy));
        if (input.Password != kept && (input.Password is not null || proxy.Password is not null))
        {
            proxy.Password = secrets.Protect(input.Password);
            diff.Changed("password");
        }

        if (key != ProxyKey.Of(proxy) || input.Password != kept)
        {
            Renew(proxy, now);
        }

        if (!diff.IsEmpty)
        {
            proxy.Version++;
            await SaveAsync(proxy, new AuditEvent("proxy.updated", Target(proxy), diff.Text), user, cancellationToken);
        }

        return ProxyView.Of(proxy, now);
    }

    public async Task DeleteAsync(Guid id, CurrentUser user, HttpRequest request, CancellationToken cancellationToken)
    {
        var proxy = await FindAsync(id, cancellationToken);
        EntityTag.Demand(request, proxy.Version);
        var name = id.ToString();
        var usedBy = await db.Providers.Where(p => p.DeletedAt == null && p.Proxy == name).OrderBy(p => p.Id).Select(p => p.Id).ToListAsync(cancellationToken);
        if (usedBy.Count > 0)
        {
            throw Problems.Conflict("in_use", "Providers name this proxy; change them first.", new Dictionary<string, object?> { ["used_by"] = usedBy });
        }

        db.Proxies.Remove(proxy);
        await SaveAsync(proxy, new AuditEvent("proxy.deleted", Target(proxy)), user, cancellationToken);
    }

    public async Task<UpstreamProxy> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await db.Proxies.SingleOrDefaultAsync(p => p.Id == id, cancellationToken) ?? throw Problems.NotFound();

    private static string Target(UpstreamProxy proxy) => $"proxy:{proxy.Id}";

    private static EditProxy Document(UpstreamProxy proxy) => new()
    {
        Scheme = proxy.Scheme,
        Host = proxy.Host,
        Port = proxy.Port,
        Username = proxy.Username.Length > 0 ? proxy.Username : null,
        Enabled = proxy.Enabled,
    };

    private static AuditDiff Diff(EditProxy before, EditProxy after) => new AuditDiff()
        .Add("scheme", before.Scheme, after.Scheme)
        .Add("host", before.Host, after.Host)
        .Add("port", before.Port, after.Port)
        .Add("username", before.Username, after.Username)
        .Add("enabled", before.Enabled, after.Enabled);

    private static void Apply(ProxyFields input, UpstreamProxy proxy, DateTimeOffset now)
    {
        proxy.Scheme = input.Scheme ?? ProxyScheme.Http;
        proxy.Host = input.Host!.ToLowerInvariant();
        proxy.Port = input.Port!.Value;
        proxy.Username = input.Username ?? "";
        proxy.Enabled = input.Enabled ?? true;
        proxy.UpdatedAt = now;
    }

    /// <summary>Another address or other credentials: nothing that was learned holds any more, and its list no longer names it.</summary>
    private static void Renew(UpstreamProxy proxy, DateTimeOffset now)
    {
        proxy.SourceId = null;
        proxy.LastCheckAt = null;
        proxy.LastCheckMs = null;
        proxy.LastCheckOk = null;
        proxy.LastCheckError = null;
        proxy.Failures = 0;
        proxy.CooldownUntil = null;
        proxy.CheckDueAt = now;
    }

    private async Task SaveAsync(UpstreamProxy proxy, AuditEvent change, CurrentUser user, CancellationToken cancellationToken)
    {
        try
        {
            await changes.SaveAsync(db, user.Actor, [change], cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw Problems.StaleVersion(proxy.Version);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            throw Problems.NameTaken(ProxyKey.Of(proxy).ToString());
        }
    }
}
