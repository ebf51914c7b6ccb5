using AIHigress.Gateway.Data;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Providers.Health;

/// <summary>
/// Pauses a provider that has been down for ten minutes and resumes it after two good probes. Only what health itself
/// paused is ever resumed by it; what a person paused, or resumed within the ten minutes, stays as the person left it.
/// </summary>
internal sealed partial class AutoPause(GatewayDbContext db, ChangeWriter changes, TimeProvider time, ILogger<AutoPause> logger)
{
    private const int GoodThatResume = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly Actor Actor = new(null, "provider-probe");

    public async Task RunAsync(IReadOnlyList<HealthSubject> subjects, CancellationToken cancellationToken)
    {
        foreach (var subject in subjects)
        {
            var done = subject.IsPausedByHealth && subject.GoodProbes >= GoodThatResume
                ? await SwitchAsync(subject, OperationStatus.Active, "Two probes in a row were good.", cancellationToken)
                : !IsToPause(subject)
                || await SwitchAsync(subject, OperationStatus.Paused, "Down for ten minutes; resumes by itself after two good probes.", cancellationToken);
            if (!done)
            {
                // Edited in this very moment: the next look decides anew, for this one and those behind it.
                return;
            }
        }
    }

    private bool IsToPause(HealthSubject subject)
    {
        var (provider, state) = (subject.Provider, subject.State);
        if (state.Health != ProviderHealth.Down || provider.OperationStatus != OperationStatus.Active || !provider.ProbeAutoPause || !subject.IsWatched)
        {
            return false;
        }

        var since = provider.StatusSince is { } switched && switched > state.Since ? switched : state.Since;
        return time.GetUtcNow() - since >= Patience;
    }

    private async Task<bool> SwitchAsync(HealthSubject subject, OperationStatus status, string reason, CancellationToken cancellationToken)
    {
        var id = subject.Provider.Id;
        var now = time.GetUtcNow();
        var provider = await db.Providers.SingleAsync(p => p.Id == id, cancellationToken);
        if (provider.OperationStatus != subject.Provider.OperationStatus || provider.StatusBy != subject.Provider.StatusBy)
        {
            // Somebody switched it since it was read.
            return true;
        }

        var diff = new AuditDiff().Add("operation_status", provider.OperationStatus, status).Add("reason", provider.StatusReason, reason);
        provider.OperationStatus = status;
        provider.StatusBy = Provider.ByHealth;
        provider.StatusReason = reason;
        provider.StatusSince = now;
        provider.UpdatedAt = now;
        provider.Version++;
        var paused = status == OperationStatus.Paused;
        subject.State.GoodInRow = paused ? 0 : subject.State.GoodInRow;
        subject.State.Backoff = paused ? 1 : 0;
        db.ProviderEvents.Add(new ProviderEvent
        {
            ProviderId = id,
            CreatedAt = now,
            Kind = paused ? ProviderEvent.Paused : ProviderEvent.Resumed,
            From = subject.State.Health,
            To = subject.State.Health,
            Reason = paused ? "down" : "probes_good",
        });
        try
        {
            await changes.SaveAsync(db, Actor, [new AuditEvent(paused ? "provider.paused" : "provider.resumed", $"provider:{id}", diff.Text)], cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            db.ChangeTracker.Clear();
            return false;
        }

        Switched(id, status, reason);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Provider {Provider} is {Status} now, by its health: {Reason}")]
    private partial void Switched(string provider, OperationStatus status, string reason);
}
