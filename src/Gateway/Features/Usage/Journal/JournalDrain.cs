using System.Data.Common;
using System.Text.Json;
using AIHigress.Gateway.Data;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Usage.Journal;

/// <summary>
/// Moves journal records to request_logs, in batches of up to 1,000 or every 250 ms, each batch in one transaction.
/// A record that is there already is skipped, so replaying after a crash between the commit and the removal is harmless.
/// While the database is away the journal grows and the drain tries again, ever less often, up to every 5 s.
/// </summary>
internal sealed partial class JournalDrain(
    UsageJournal journal,
    IServiceScopeFactory scopes,
    UsageMetrics metrics,
    TimeProvider time,
    ILogger<JournalDrain> logger) : BackgroundService
{
    private const int BatchSize = 1000;
    private static readonly TimeSpan GatherTime = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(5);

    private long _position;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var file = journal.OpenReader();
        var backoff = TimeSpan.Zero;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await DrainBatchAsync(file, stoppingToken))
                {
                }

                if (backoff > TimeSpan.Zero)
                {
                    backoff = TimeSpan.Zero;
                    DrainResumed(logger);
                }

                await journal.Committed.WaitAsync(stoppingToken);
                await Task.Delay(GatherTime, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e) when (e is DbException or InvalidOperationException or TimeoutException or IOException or System.Net.Sockets.SocketException)
            {
                if (backoff == TimeSpan.Zero)
                {
                    DrainWaits(logger, e);
                }

                backoff = TimeSpan.FromMilliseconds(Math.Min(Math.Max(250, backoff.TotalMilliseconds * 2), LongestBackoff.TotalMilliseconds));
                await Task.Delay(backoff, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await DrainLastAsync(file);
    }

    // Requests have ended by now. What does not get through is replayed by the next start.
    private async Task DrainLastAsync(JournalFile file)
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5), time);
            while (await DrainBatchAsync(file, limit.Token))
            {
            }
        }
        catch (Exception e) when (e is DbException or InvalidOperationException or TimeoutException or IOException or System.Net.Sockets.SocketException or OperationCanceledException)
        {
            DrainLeftRecords(logger, e);
        }
    }

    /// <summary>Moves one batch; false when the journal had nothing more.</summary>
    private async Task<bool> DrainBatchAsync(JournalFile file, CancellationToken cancellationToken)
    {
        List<(long Seq, UsageRecord? Record)> rows = journal.Recent.Take(_position, BatchSize)!;
        if (rows.Count == 0)
        {
            rows = ReadBack(file);
        }

        if (rows.Count == 0)
        {
            return false;
        }

        var records = new List<UsageRecord>(rows.Count);
        records.AddRange(rows.Select(row => row.Record).OfType<UsageRecord>());
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDbContext>();
        await db.Database.OpenConnectionAsync(cancellationToken);
        await RequestLogBatch.InsertAsync(db.Database.GetDbConnection(), records, cancellationToken);
        metrics.Drained(records.Count);
        _position = rows[^1].Seq;
        await journal.RemoveUpToAsync(_position);
        return rows.Count == BatchSize;
    }

    /// <summary>The next records as the file has them; one that can't be read is null, and passed over.</summary>
    private List<(long Seq, UsageRecord? Record)> ReadBack(JournalFile file)
    {
        var rows = new List<(long, UsageRecord?)>();
        foreach (var (seq, payload) in file.Read(_position, BatchSize))
        {
            var record = TryRead(payload);
            rows.Add((seq, record));
            if (record is null)
            {
                RecordUnreadable(logger, seq, payload.Length);
            }
        }

        return rows;
    }

    private static UsageRecord? TryRead(byte[] payload)
    {
        try
        {
            return JsonSerializer.Deserialize(payload, UsageJson.Default.UsageRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database does not take usage records; the journal keeps them and the drain tries again")]
    private static partial void DrainWaits(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "The database takes usage records again")]
    private static partial void DrainResumed(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Usage records stay in the journal; the next start moves them to the database")]
    private static partial void DrainLeftRecords(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Journal record {Seq} of {Bytes} bytes can't be read and is passed over")]
    private static partial void RecordUnreadable(ILogger logger, long seq, int bytes);
}
