using AIHigress.Gateway.Hosting.Startup;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace AIHigress.Gateway.Data;

/// <summary>
/// Makes the ring's keys at start and once a day, ahead of their time. The framework would make them in the middle of a
/// call to protect something, over a connection of its own; inside a change's transaction that waits for itself.
/// </summary>
internal sealed partial class RingUpkeep(IKeyManager ring, TimeProvider time, ILogger<RingUpkeep> logger) : BackgroundService, IStartupStep
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(90);
    private static readonly TimeSpan MadeAhead = TimeSpan.FromDays(14);
    private static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    public Task RunAsync(CancellationToken cancellationToken)
    {
        EnsureKey();
        return Task.CompletedTask;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                EnsureKey();
            }
            catch (Exception e) when (e is System.Data.Common.DbException or InvalidOperationException or Microsoft.EntityFrameworkCore.DbUpdateException)
            {
                // Two weeks are left to try again.
                RingKeyNotMade(logger, e);
            }
        }
    }

    private void EnsureKey()
    {
        var now = time.GetUtcNow();
        var lasts = ring.GetAllKeys().Where(k => !k.IsRevoked && k.ActivationDate <= now).Select(k => k.ExpirationDate).DefaultIfEmpty(now).Max();
        if (lasts <= now + MadeAhead)
        {
            ring.CreateNewKey(now, now + Life);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The next encryption key could not be made; tried again tomorrow")]
    private static partial void RingKeyNotMade(ILogger logger, Exception exception);
}
