using AIHigress.Gateway.Data.Startup;

namespace AIHigress.Gateway.Features.Responses.Background;

/// <summary>Fails responses whose server died, and removes expired ones. Every replica does it; what one has done the others find done.</summary>
internal sealed partial class ResponseUpkeep(
    BackgroundResponses background, DatabaseUrl database, TimeProvider time, ILogger<ResponseUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan CleanupInterval = TimeSpan.FromMinutes(10);

    private DateTimeOffset _nextCleanup = DateTimeOffset.MinValue;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // An embedded database has one process: whatever runs in it is ours, or its process is dead.
        var first = database.Kind == DatabaseKind.Sqlite;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await background.FailAbandonedAsync(first, stoppingToken) is > 0 and var failed)
                {
                    ResponsesAbandoned(failed);
                }

                first = false;
                await CleanUpAsync(stoppingToken);
            }
            catch (ResponsesUnavailableException e)
            {
                UpkeepWaits(e);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task CleanUpAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now >= _nextCleanup)
        {
            await background.RemoveExpiredAsync(cancellationToken);
            _nextCleanup = now + CleanupInterval;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} background responses had no running server any more and are failed")]
    private partial void ResponsesAbandoned(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database does not answer the upkeep of responses; it tries again")]
    private partial void UpkeepWaits(Exception exception);
}
