namespace AIHigress.Gateway.Features.Usage;

/// <summary>The durable list of finished requests that the drain has not yet moved to the database.</summary>
public interface IUsageJournal
{
    /// <summary>False while the journal can't be written; then requests are refused (JOURNAL_FULL=refuse).</summary>
    bool IsWritable { get; }

    /// <summary>Completes when the record is committed to disk; commits are grouped.</summary>
    /// <exception cref="JournalUnavailableException">The journal can't be written.</exception>
    Task AppendAsync(UsageRecord record);
}

/// <summary>The usage journal refused a record (disk full, no access).</summary>
public sealed class JournalUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
