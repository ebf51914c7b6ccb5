using AIHigress.Gateway.Common;
using AIHigress.Gateway.Data;

namespace AIHigress.Gateway.Features.Identity.Sessions;

/// <summary>
/// Failed sign-ins and refusals, gathered per minute and address into one audit entry each: a flood of guesses must
/// leave a trace, and not fill the audit log. Names that were tried are not kept; people type passwords into them.
/// </summary>
internal sealed partial class FailedSignIns(
    IServiceScopeFactory scopes, ChangeWriter changes, TimeProvider time, ILogger<FailedSignIns> logger) : BackgroundService
{
    private const int AddressesPerMinute = 1000;
    private const string Others = "others";
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private Dictionary<(string Address, string Action), int> _counts = [];

    /// <param name="action">The audit code, "sign_in.failed".</param>
    /// <param name="address">Null for in-process calls.</param>
    public void Count(string action, string? address)
    {
        lock (_gate)
        {
            var key = (address ?? "local", action);
            if (_counts.Count >= AddressesPerMinute && !_counts.ContainsKey(key))
            {
                key = (Others, action);
            }

            _counts[key] = _counts.GetValueOrDefault(key) + 1;
        }
    }

    /// <summary>Writes what was gathered.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        Dictionary<(string Address, string Action), int> counts;
        lock (_gate)
        {
            if (_counts.Count == 0)
            {
                return;
            }

            (counts, _counts) = (_counts, []);
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDbContext>();
        foreach (var address in counts.GroupBy(pair => pair.Key.Address))
        {
            var events = address.Select(pair => new AuditEvent(pair.Key.Action, $"address:{address.Key}", $$"""{"count":[0,{{pair.Value}}]}"""));
            await changes.SaveAsync(db, new Actor(null, "sign-in", address.Key), [.. events], cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.NextTurnAsync(stoppingToken))
            {
                await TryFlushAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The last minute is written below, while the database is still there.
            await TryFlushAsync(CancellationToken.None);
        }
    }

    private async Task TryFlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await FlushAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // A database that is down must not end the service; what was gathered is lost and said so.
            FailuresNotRecorded(e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Failed sign-ins of the last minute could not be written to the audit log")]
    private partial void FailuresNotRecorded(Exception exception);
}
