using System.Threading.Channels;
using AIHigress.Gateway.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Usage.Journal;

/// <summary>
/// The usage journal: one writer thread commits all that queued while its last commit ran, so a busy server pays
/// one commit for many records and a quiet one waits for nobody. Records leave the file when the drain has stored them.
/// </summary>
internal sealed partial class UsageJournal : IUsageJournal, IHostedService, IDisposable
{
    private const int MaxGroup = 1000;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    // Answers that were under way when the disk began to refuse are held no longer than this.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly Channel<Entry> _queue = Channel.CreateUnbounded<Entry>(new UnboundedChannelOptions { SingleReader = true });
    private readonly string _path;
    private readonly bool _fullSync;
    private readonly TimeProvider _time;
    private readonly ILogger<UsageJournal> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly AutoResetEvent _wake = new(false);
    private Task _writer = Task.CompletedTask;
    private int _idle;
    private volatile bool _writable;

    public UsageJournal(IOptions<UsageOptions> options, IOptions<ServerOptions> server, TimeProvider time, ILogger<UsageJournal> logger)
    {
        _path = Path.Combine(server.Value.DataDir, "journal", "usage.db");
        _fullSync = options.Value.JournalSync == "full";
        _time = time;
        _logger = logger;
    }

    public bool IsWritable => _writable;

    /// <summary>Raised (set) whenever records were committed; the drain waits for it.</summary>
    public AsyncSignal Committed { get; } = new();

    /// <summary>What was committed last, for the drain.</summary>
    public RecentRecords Recent { get; } = new();

    /// <summary>Opens the file for the drain's own reading connection.</summary>
    public JournalFile OpenReader() => new(_path, _fullSync);

    public async Task AppendAsync(UsageRecord record)
    {
        var entry = new Entry(UsageRecordWriter.ToUtf8(record), record, 0);
        if (!TryQueue(entry))
        {
            throw new JournalUnavailableException("The usage journal is closed.");
        }

        // While the disk refuses, records wait in memory until it is back: no answer is held for them.
        if (_writable)
        {
            await entry.Done.Task;
        }
    }

    /// <summary>Removes records that the database has; completes when they are gone.</summary>
    public Task RemoveUpToAsync(long seq)
    {
        var entry = new Entry(null, null, seq);
        return TryQueue(entry) ? entry.Done.Task : Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        using (var probe = new JournalFile(_path, _fullSync))
        {
            _writable = true;
        }

        _writer = Task.Factory.StartNew(WriteLoop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!_queue.Writer.TryComplete())
        {
            // Stopped already; some hosts say it twice.
            return;
        }

        await _stopping.CancelAsync();
        _wake.Set();
        await _writer.WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _wake.Dispose();
    }

    private bool TryQueue(Entry entry)
    {
        if (!_queue.Writer.TryWrite(entry))
        {
            return false;
        }

        if (Volatile.Read(ref _idle) == 1 && Interlocked.Exchange(ref _idle, 0) == 1)
        {
            _wake.Set();
        }

        return true;
    }

    // A thread of its own: SQLite's calls block, and a busy thread pool must not delay the commit that answers wait for.
    private void WriteLoop()
    {
        using var file = new JournalFile(_path, _fullSync);
        var group = new List<Entry>(MaxGroup);
        while (WaitForEntries())
        {
            while (group.Count < MaxGroup && _queue.Reader.TryRead(out var entry))
            {
                group.Add(entry);
            }

            WriteUntilDone(file, group);
            group.Clear();
        }
    }

    /// <summary>
    /// Blocks until something is queued; false when the journal is closed and empty. An event of the system, because the
    /// framework's own waits spin before they sleep, and this thread sleeps after every commit.
    /// </summary>
    private bool WaitForEntries()
    {
        while (!_queue.Reader.TryPeek(out _))
        {
            if (_queue.Reader.Completion.IsCompleted)
            {
                return false;
            }

            Interlocked.Exchange(ref _idle, 1);
            if (_queue.Reader.TryPeek(out _) || _queue.Reader.Completion.IsCompleted)
            {
                Interlocked.Exchange(ref _idle, 0);
                continue;
            }

            _wake.WaitOne();
        }

        return true;
    }

    private void WriteUntilDone(JournalFile file, List<Entry> group)
    {
        var began = _time.GetTimestamp();
        while (true)
        {
            try
            {
                Write(file, group);
                break;
            }
            catch (SqliteException e)
            {
                if (_writable)
                {
                    _writable = false;
                    JournalNotWritable(_logger, group.Count, e);
                }

                while (_queue.Reader.TryRead(out var late))
                {
                    group.Add(late);
                }

                if (_time.GetElapsedTime(began) >= LongestWait)
                {
                    group.ForEach(entry => entry.Done.TrySetResult());
                }

                if (_stopping.Token.WaitHandle.WaitOne(RetryDelay))
                {
                    JournalClosedWithRecords(_logger, group.Count);
                    group.ForEach(entry => entry.Done.TrySetException(new JournalUnavailableException("The usage journal can't be written.", e)));
                    return;
                }
            }
        }

        if (!_writable)
        {
            _writable = true;
            JournalWritableAgain(_logger);
        }

        foreach (var entry in group)
        {
            if (entry.Record is { } record)
            {
                Recent.Add(entry.Seq, record);
            }

            entry.Done.TrySetResult();
        }

        Committed.Set();
    }

    private static void Write(JournalFile file, List<Entry> group)
    {
        file.Begin();
        try
        {
            foreach (var entry in group)
            {
                if (entry.Payload is { } payload)
                {
                    entry.Seq = file.Insert(payload);
                }
                else
                {
                    file.DeleteUpTo(entry.RemoveUpTo);
                }
            }

            file.Commit();
        }
        catch
        {
            file.Rollback();
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The usage journal can't be written; {Waiting} records wait in memory and new requests are refused until it can")]
    private static partial void JournalNotWritable(ILogger logger, int waiting, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The usage journal can be written again")]
    private static partial void JournalWritableAgain(ILogger logger);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The server stops while the usage journal can't be written; {Lost} records are lost")]
    private static partial void JournalClosedWithRecords(ILogger logger, int lost);

    private sealed class Entry(byte[]? payload, UsageRecord? record, long removeUpTo)
    {
        public byte[]? Payload { get; } = payload;

        public UsageRecord? Record { get; } = record;

        public long Seq { get; set; }

        public long RemoveUpTo { get; } = removeUpTo;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
