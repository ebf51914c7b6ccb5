using System.Collections.Concurrent;

namespace AIHigress.Gateway.Features.Providers.Health.Traffic;

/// <summary>
/// Counts, per provider and minute, how this process's attempts on it ended. Counting takes no lock: a slot of the ring
/// is swapped when its minute is over, and within a minute there are only atomic additions.
/// </summary>
public sealed class ProviderTraffic(TimeProvider time)
{
    private const int Ring = 8;
    private readonly ConcurrentDictionary<string, MinuteCounts?[]> _providers = new(StringComparer.Ordinal);

    /// <param name="providerId">Who answered, to the end.</param>
    /// <param name="ttftMs">Until its first token; null for a plain answer.</param>
    public void Answered(string providerId, int? ttftMs) => Current(providerId).Answered(ttftMs);

    /// <summary>An attempt failed by the provider's fault.</summary>
    public void Failed(string providerId) => Current(providerId).Failed();

    /// <summary>Minutes with something that is not stored yet.</summary>
    internal IEnumerable<MinuteCounts> Unstored() =>
        from ring in _providers.Values
        from slot in ring
        where slot is not null && slot.IsUnstored
        select slot;

    private MinuteCounts Current(string providerId)
    {
        var minute = time.GetUtcNow().ToUnixTimeSeconds() / 60;
        var ring = _providers.TryGetValue(providerId, out var found) ? found : _providers.GetOrAdd(providerId, static _ => new MinuteCounts?[Ring]);
        ref var place = ref ring[minute % Ring];
        var slot = Volatile.Read(ref place);
        if (slot is not null && slot.Minute == minute)
        {
            return slot;
        }

        var fresh = new MinuteCounts(providerId, minute);
        var before = Interlocked.CompareExchange(ref place, fresh, slot);
        return before == slot ? fresh : before!;
    }
}

/// <summary>One minute of one provider, as this process saw it.</summary>
internal sealed class MinuteCounts(string providerId, long minute)
{
    private readonly int[] _ttft = new int[TtftScale.Steps];
    private int _answered;
    private int _failed;
    private int _changes;
    private int _stored;

    public string ProviderId { get; } = providerId;

    public long Minute { get; } = minute;

    /// <summary>The row is in the database, maybe with older numbers.</summary>
    public bool HasRow { get; set; }

    public bool IsUnstored => Volatile.Read(ref _changes) != _stored;

    public void Answered(int? ttftMs)
    {
        if (ttftMs is { } ms)
        {
            Interlocked.Increment(ref _ttft[TtftScale.StepOf(ms)]);
        }

        Interlocked.Increment(ref _answered);
        Interlocked.Increment(ref _changes);
    }

    public void Failed()
    {
        Interlocked.Increment(ref _failed);
        Interlocked.Increment(ref _changes);
    }

    /// <summary>The numbers now, and which changes they hold.</summary>
    public (TrafficMinute Row, int Changes) ToRow(string replica)
    {
        var changes = Volatile.Read(ref _changes);
        var ttft = Array.ConvertAll(_ttft, count => count);
        var row = new TrafficMinute
        {
            ProviderId = ProviderId,
            Minute = Minute,
            Replica = replica,
            Answered = Volatile.Read(ref _answered),
            Failed = Volatile.Read(ref _failed),
            Ttft = Array.Exists(ttft, count => count > 0) ? ttft : [],
        };
        return (row, changes);
    }

    public void Stored(int changes)
    {
        HasRow = true;
        _stored = changes;
    }
}
