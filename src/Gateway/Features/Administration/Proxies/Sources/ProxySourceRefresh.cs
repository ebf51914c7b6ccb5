using System.Security.Cryptography;
using System.Text.Json;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Providers.Proxies;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Administration.Proxies.Sources;

/// <summary>Reads a remote list and takes over what it says. What can't be read changes no proxy.</summary>
internal sealed class ProxySourceRefresh(
    GatewayDbContext db, ChangeWriter changes, ProxySourceSync sync, IProxyClient client, SecretProtector protector, TimeProvider time)
{
    private static readonly Actor Job = new(null, "proxy-refresh");

    /// <exception cref="ProblemException">404, 409 for a static list, 502 when it can't be read.</exception>
    public async Task<ProxyRefreshResult> RunAsync(Guid id, CurrentUser user, CancellationToken cancellationToken)
    {
        var source = await db.ProxySources.SingleOrDefaultAsync(s => s.Id == id, cancellationToken) ?? throw Problems.NotFound();
        if (source.Kind != ProxySourceKind.Remote)
        {
            throw Problems.Conflict("conflict", "A static list is read from nowhere; change its lines instead.");
        }

        try
        {
            return await ReadAsync(source, user.Actor, cancellationToken);
        }
        catch (ProxyListException e)
        {
            throw new ProblemException(StatusCodes.Status502BadGateway, "upstream_check_failed", e.Message);
        }
        catch (DbUpdateException)
        {
            throw Problems.Conflict("conflict", "The list or its proxies were changed at the same moment; try again.");
        }
    }

    /// <summary>For the job: false when the list could not be read, or was changed meanwhile; then it is read again when it is due.</summary>
    public async Task<bool> RunAsync(ProxySource source, CancellationToken cancellationToken)
    {
        try
        {
            await ReadAsync(source, Job, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is ProxyListException or DbUpdateException)
        {
            return false;
        }
    }

    private async Task<ProxyRefreshResult> ReadAsync(ProxySource source, Actor actor, CancellationToken cancellationToken)
    {
        source.LastRefreshAt = time.GetUtcNow();
        source.RefreshDueAt = source.LastRefreshAt.Value.AddSeconds(source.IntervalSeconds);
        ProxyRefreshResult result;
        try
        {
            var (url, headers) = Open(source);
            result = await sync.ApplyAsync(source, await client.ReadListAsync(url, headers, cancellationToken), cancellationToken);
        }
        catch (ProxyListException e)
        {
            source.LastRefreshError = e.Message;
            await db.SaveChangesAsync(cancellationToken);
            throw;
        }

        source.LastRefreshError = result.Total == 0 ? "The list names no proxy."
            : result.Faults.Count > 0 ? $"{result.Faults.Count} lines are no proxies, the first is line {result.Faults[0].Line}." : null;
        if (!db.ChangeTracker.Entries<UpstreamProxy>().Any(e => e.State != EntityState.Unchanged))
        {
            await db.SaveChangesAsync(cancellationToken);
            return result;
        }

        var diff = new AuditDiff().Add("added", 0, result.Added).Add("removed", 0, result.Removed);
        await changes.SaveAsync(db, actor, [new AuditEvent("proxy_source.refreshed", $"proxy_source:{source.Id}", diff.Text)], cancellationToken);
        return result;
    }

    private (Uri Url, IReadOnlyDictionary<string, string> Headers) Open(ProxySource source)
    {
        try
        {
            var headers = source.Headers is { } secret ? JsonSerializer.Deserialize<Dictionary<string, string>>(protector.Unprotect(secret)) : null;
            return (new Uri(protector.Unprotect(source.Url!.Value)), headers ?? []);
        }
        catch (CryptographicException)
        {
            throw new ProxyListException("The list's address can't be decrypted; set it again.");
        }
    }
}
