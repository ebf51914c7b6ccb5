using AIHigress.Gateway.Features.Usage;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.DataPlane.Metering;

/// <summary>Stage 7: makes the usage record of a finished request and has it in the journal before the client gets the last byte.</summary>
internal sealed partial class UsageRecorder(
    IUsageJournal journal,
    TokenCounter tokens,
    DataPlaneMetrics metrics,
    IOptions<UsageOptions> options,
    ILogger<UsageRecorder> logger)
{
    /// <summary>False when nothing may be served because usage can't be recorded.</summary>
    public bool MayServe => journal.IsWritable || options.Value.JournalFull == "serve";

    /// <summary>Fills in counts that the upstream left out, from what was asked and generated so far.</summary>
    public void CountMissing(ExchangeLog log, ReadOnlyMemory<byte> generated)
    {
        if (log is { Usage: null, Call: { } call, Served: { } served })
        {
            log.Usage = tokens.Count(served.Upstream.Model, call, generated.Span);
            log.UsageEstimated = true;
        }
    }

    /// <summary>Adds the text that upstreams which died gave to the client, before the one whose usage is known went on.</summary>
    public void AddDelivered(ExchangeLog log, ReadOnlyMemory<byte> text)
    {
        if (text.Length > 0 && log is { Usage: { } usage, Served: { } served })
        {
            log.Usage = usage with { Output = usage.Output + tokens.CountText(served.Upstream.Model, text.Span) };
            log.UsageEstimated = true;
        }
    }

    /// <summary>
    /// Completes when the record is safe from a crash of this process. Only a request's first record counts. Never throws:
    /// an answer is not lost for its record.
    /// </summary>
    public async Task RecordAsync(ExchangeLog log, int status, string? errorCode)
    {
        if (log.IsRecorded)
        {
            return;
        }

        log.IsRecorded = true;
        if (log.Caller is null)
        {
            metrics.UnknownCaller(errorCode);
            return;
        }

        if (!log.TryClose())
        {
            return;
        }

        var record = log.ToRecord(status, errorCode);
        metrics.Finished(record);
        try
        {
            await journal.AppendAsync(record);
        }
        catch (JournalUnavailableException e)
        {
            RecordNotJournaled(logger, record.RequestId, e);
        }

        if (logger.IsEnabled(LogLevel.Information))
        {
            RequestFinished(
                logger, record.RequestId, record.Status, record.ErrorCode ?? "ok", record.RequestedModel, record.ProviderId, record.UpstreamModel, record.DurationMs);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Request {RequestId} {Status} {Outcome} {Model} by {Provider}/{UpstreamModel} in {DurationMs} ms")]
    private static partial void RequestFinished(
        ILogger logger, Guid requestId, int status, string outcome, string? model, string? provider, string? upstreamModel, int durationMs);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The usage of request {RequestId} could not be journaled")]
    private static partial void RecordNotJournaled(ILogger logger, Guid requestId, Exception exception);
}
