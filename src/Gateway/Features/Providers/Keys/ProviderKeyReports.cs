using System.Threading.Channels;
using AIHigress.Gateway.Data;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Providers.Keys;

/// <summary>Marks the keys that traffic found to be invalid, so that nobody uses them until a person has put in another secret or said otherwise.</summary>
internal sealed partial class ProviderKeyReports(IServiceScopeFactory scopes, TimeProvider time, ILogger<ProviderKeyReports> logger) : BackgroundService, IProviderKeyReports
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);
    private static readonly Actor Actor = new(null, "traffic");

    // A report that does not fit is made again with the key's next refusal.
    private readonly Channel<Report> _reports = Channel.CreateBounded<Report>(new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Invalid(string providerId, Guid keyId, string reason) => _reports.Writer.TryWrite(new Report(providerId, keyId, reason));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await MarkAsync(await _reports.Reader.ReadAsync(stoppingToken), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The database may be away for a while; the key is refused, and reported, again.
                ReportLost(e);
                await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task MarkAsync(Report report, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDbContext>();
        var key = await db.ProviderKeys.SingleOrDefaultAsync(k => k.Id == report.KeyId && k.Status == ProviderKeyStatus.Active, cancellationToken);
        if (key is null)
        {
            return;
        }

        key.Status = ProviderKeyStatus.Invalid;
        key.UpdatedAt = time.GetUtcNow();
        var change = new AuditEvent(
            "provider_key.invalid",
            $"provider:{report.ProviderId}/keys/{key.Label}",
            new AuditDiff().Add("status", ProviderKeyStatus.Active, ProviderKeyStatus.Invalid).Text);
        await scope.ServiceProvider.GetRequiredService<ChangeWriter>().SaveAsync(db, Actor, [change], cancellationToken);
        KeyIsInvalid(report.ProviderId, key.Label, report.Reason);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Provider {Provider} has refused the key {Key} for ten minutes ({Reason}); it is marked invalid. Put in a new one, or switch it on again")]
    private partial void KeyIsInvalid(string provider, string key, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A provider key that is refused could not be marked invalid")]
    private partial void ReportLost(Exception exception);

    private sealed record Report(string ProviderId, Guid KeyId, string Reason);
}
