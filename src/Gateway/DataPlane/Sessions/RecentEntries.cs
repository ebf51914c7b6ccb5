using System.Collections.Concurrent;

namespace AIHigress.Gateway.DataPlane.Sessions;

/// <summary>
/// A bounded memory of what was used last. Two generations: new entries go into the young one; when that is full, or older than the longest life,
/// it becomes the old one and the old one is forgotten. No lock, no timer; what is used stays.
/// </summary>
/// <param name="mostCost">Cost of one generation.</param>
/// <param name="costOf">What an entry costs.</param>
internal sealed class RecentEntries<T>(long mostCost, Func<T, long> costOf, TimeProvider time)
    where T : class
{
    private Generations _now = new(new Generation(time.GetTimestamp()), new Generation(0));

    /// <param name="life">Entries that were not touched for this long are gone.</param>
    public T? Find(string key, TimeSpan life)
    {
        var now = Volatile.Read(ref _now);
        return (now.Young.Entries.TryGetValue(key, out var entry) || now.Old.Entries.TryGetValue(key, out entry)) && IsAlive(entry, life) ? entry.Value : null;
    }

    public void Put(string key, T value, TimeSpan life)
    {
        var young = Current(life).Young;
        var cost = costOf(value) - (young.Entries.TryGetValue(key, out var before) ? costOf(before.Value) : 0);
        young.Entries[key] = new Entry(value, time.GetTimestamp());
        Interlocked.Add(ref young.Cost, cost);
    }

    public void Remove(string key)
    {
        var now = Volatile.Read(ref _now);
        if (now.Young.Entries.TryRemove(key, out var gone))
        {
            Interlocked.Add(ref now.Young.Cost, -costOf(gone.Value));
        }

        now.Old.Entries.TryRemove(key, out _);
    }

    /// <summary>All of them that are alive; walks the whole memory.</summary>
    public IEnumerable<T> All(Func<T, TimeSpan> lifeOf)
    {
        var now = Volatile.Read(ref _now);
        return now.Young.Entries.Concat(now.Old.Entries.Where(e => !now.Young.Entries.ContainsKey(e.Key)))
            .Where(e => IsAlive(e.Value, lifeOf(e.Value.Value)))
            .Select(e => e.Value.Value);
    }

    private bool IsAlive(Entry entry, TimeSpan life) => time.GetElapsedTime(entry.Touched) < life;

    private Generations Current(TimeSpan life)
    {
        var now = Volatile.Read(ref _now);
        if (Volatile.Read(ref now.Young.Cost) < mostCost && time.GetElapsedTime(now.Young.Born) < life)
        {
            return now;
        }

        // Whoever loses the race uses the winner's.
        var next = new Generations(new Generation(time.GetTimestamp()), now.Young);
        return Interlocked.CompareExchange(ref _now, next, now) == now ? next : Volatile.Read(ref _now);
    }

    private readonly record struct Entry(T Value, long Touched);

    private sealed record Generations(Generation Young, Generation Old);

    private sealed class Generation(long born)
    {
        public long Cost;

        public long Born { get; } = born;

        public ConcurrentDictionary<string, Entry> Entries { get; } = new(StringComparer.Ordinal);
    }
}
