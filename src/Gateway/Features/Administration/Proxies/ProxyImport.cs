using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Providers.Proxies;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Administration.Proxies;

/// <summary>Adds pasted proxies; what is there already stays as it is.</summary>
internal sealed class ProxyImport(GatewayDbContext db, ChangeWriter changes, ProxySecrets secrets, TimeProvider time)
{
    public async Task<ProxyImportResult> RunAsync(ImportProxies input, CurrentUser user, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(input.Lines))
        {
            throw Problems.Field("lines", "required", "is required");
        }

        var read = ProxyLines.Read(input.Lines, input.Scheme ?? ProxyScheme.Http);
        var known = await KnownAsync(db, cancellationToken);
        var added = read.Proxies.Where(p => !known.Contains(ProxyKey.Of(p))).ToList();
        if (added.Count > 0)
        {
            var now = time.GetUtcNow();
            db.Proxies.AddRange(added.Select(p => Row(p, null, secrets, now)));
            var diff = new AuditDiff().Add("added", null, added.ConvertAll(p => ProxyKey.Of(p).ToString()));
            try
            {
                await changes.SaveAsync(db, user.Actor, [new AuditEvent("proxies.imported", "proxies", diff.Text)], cancellationToken);
            }
            catch (DbUpdateException e) when (e.IsUniqueViolation())
            {
                throw Problems.Conflict("conflict", "Somebody added one of these proxies at the same moment; import again.");
            }
        }

        return new ProxyImportResult(added.Count, read.Repeated + read.Proxies.Count - added.Count, read.Faults);
    }

    public static async Task<HashSet<ProxyKey>> KnownAsync(GatewayDbContext db, CancellationToken cancellationToken)
    {
        var keys = await db.Proxies.AsNoTracking().Select(p => new { p.Scheme, p.Host, p.Port, p.Username }).ToListAsync(cancellationToken);
        return [.. keys.Select(k => new ProxyKey(k.Scheme, k.Host, k.Port, k.Username))];
    }

    public static UpstreamProxy Row(ProxyRoute proxy, Guid? source, ProxySecrets secrets, DateTimeOffset now) => new()
    {
        Scheme = proxy.Scheme,
        Host = proxy.Host,
        Port = proxy.Port,
        Username = proxy.Username,
        Password = secrets.Protect(proxy.Password),
        SourceId = source,
        CheckDueAt = now,
        CreatedAt = now,
        UpdatedAt = now,
    };
}
