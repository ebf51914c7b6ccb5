namespace AIHigress.Gateway.Features.Usage.Journal;

/// <summary>
/// The newest committed records, still in memory, so that the drain need not read them back from the file. An unbroken
/// run by sequence number; when the drain falls behind, it is forgotten and the file serves instead.
/// </summary>
internal sealed class RecentRecords
{
    private const int Most = 20_000;

    private readonly Lock _gate = new();
    private readonly Queue<(long Seq, UsageRecord Record)> _records = new();

    /// <summary>Adds a record that is committed under the next number.</summary>
    public void Add(long seq, UsageRecord record)
    {
        lock (_gate)
        {
            if (_records.Count >= Most)
            {
                _records.Clear();
            }

            _records.Enqueue((seq, record));
        }
    }

    /// <summary>Takes the records that follow <paramref name="after"/>; none when the next one is not here.</summary>
    /// <param name="after">Number of the last record that the drain has stored.</param>
    /// <param name="limit">At most so many.</param>
    public List<(long Seq, UsageRecord Record)> Take(long after, int limit)
    {
        lock (_gate)
        {
            while (_records.TryPeek(out var old) && old.Seq <= after)
            {
                _records.Dequeue();
            }

            var taken = new List<(long, UsageRecord)>();
            for (var next = after + 1; taken.Count < limit && _records.TryPeek(out var record) && record.Seq == next; next++)
            {
                taken.Add(_records.Dequeue());
            }

            return taken;
        }
    }
}
