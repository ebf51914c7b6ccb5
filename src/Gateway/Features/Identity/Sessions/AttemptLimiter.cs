using System.Security.Cryptography;
using System.Text;

namespace AIHigress.Gateway.Features.Identity.Sessions;

/// <summary>How many attempts in how much time, written "count/seconds" in settings.</summary>
internal readonly record struct AttemptLimit(int Count, TimeSpan Window)
{
    public static AttemptLimit Parse(string text)
    {
        var parts = text.Split('/');
        return new AttemptLimit(int.Parse(parts[0]), TimeSpan.FromSeconds(int.Parse(parts[1])));
    }
}

/// <summary>
/// Counts failed attempts per subject (an account name, an address) and refuses more once there were too many. An
/// attempt counts from its begin, so a burst of parallel guesses gets no further than guesses one by one.
/// </summary>
internal sealed class AttemptLimiter(TimeProvider time)
{
    private const int SweepAt = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, Record> _records = [];
    private int _sweepAt = SweepAt;

    /// <summary>Begins an attempt; to be ended by <see cref="Attempt.Succeeded"/> or <see cref="Attempt.Failed"/>.</summary>
    /// <param name="kind">What is counted; subjects of different kinds are apart.</param>
    /// <param name="subject">The account or address.</param>
    /// <param name="limit">Failures before more is refused; the refusal lasts one window from the last of them.</param>
    /// <returns>The attempt, or how long to wait.</returns>
    public (Attempt? Attempt, TimeSpan Wait) Begin(string kind, string subject, AttemptLimit limit)
    {
        var key = Key(kind, subject);
        lock (_gate)
        {
            var now = time.GetUtcNow();
            Sweep(now);
            if (!_records.TryGetValue(key, out var record))
            {
                _records[key] = record = new Record();
            }

            record.Forget(now, limit.Window);
            if (record.BlockedUntil > now)
            {
                return (null, record.BlockedUntil - now);
            }

            if (record.Failures.Count + record.Running >= limit.Count)
            {
                return (null, TimeSpan.FromSeconds(1));
            }

            record.Running++;
            record.UsefulUntil = now + limit.Window + limit.Window;
            return (new Attempt(this, key, limit), TimeSpan.Zero);
        }
    }

    private void End(Attempt attempt, bool? failed)
    {
        lock (_gate)
        {
            if (!_records.TryGetValue(attempt.Key, out var record))
            {
                return;
            }

            record.Running--;
            if (failed == false)
            {
                record.Failures.Clear();
            }
            else if (failed == true)
            {
                var now = time.GetUtcNow();
                record.Failures.Enqueue(now);
                if (record.Failures.Count >= attempt.Limit.Count)
                {
                    record.BlockedUntil = now + attempt.Limit.Window;
                    record.Failures.Clear();
                }
            }
        }
    }

    // Names are made up by whoever guesses: forget the idle ones before they fill the memory.
    private void Sweep(DateTimeOffset now)
    {
        if (_records.Count < _sweepAt)
        {
            return;
        }

        foreach (var (key, record) in _records)
        {
            if (record.Running == 0 && record.UsefulUntil < now && record.BlockedUntil < now)
            {
                _records.Remove(key);
            }
        }

        _sweepAt = Math.Max(SweepAt, _records.Count * 2);
    }

    private static UInt128 Key(string kind, string subject)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\n{subject}"), digest);
        return BitConverter.ToUInt128(digest);
    }

    private sealed class Record
    {
        public Queue<DateTimeOffset> Failures { get; } = new();
        public int Running { get; set; }
        public DateTimeOffset BlockedUntil { get; set; }
        public DateTimeOffset UsefulUntil { get; set; }

        public void Forget(DateTimeOffset now, TimeSpan window)
        {
            while (Failures.TryPeek(out var oldest) && now - oldest >= window)
            {
                Failures.Dequeue();
            }
        }
    }

    /// <summary>One attempt on its way. Disposing one that was not ended takes it back: neither failed nor succeeded.</summary>
    internal sealed class Attempt(AttemptLimiter limiter, UInt128 key, AttemptLimit limit) : IDisposable
    {
        private bool _ended;

        public UInt128 Key { get; } = key;
        public AttemptLimit Limit { get; } = limit;

        public void Failed() => End(failed: true);

        /// <summary>Counts as used up, whatever comes of it: for limits on all attempts.</summary>
        public void Counted() => End(failed: true);

        /// <summary>The failures before it are forgotten.</summary>
        public void Succeeded() => End(failed: false);

        public void Dispose() => End(failed: null);

        private void End(bool? failed)
        {
            if (!_ended)
            {
                _ended = true;
                limiter.End(this, failed);
            }
        }
    }
}
