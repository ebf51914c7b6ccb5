using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using AIHigress.Gateway.Hosting.Redis;
using StackExchange.Redis;

namespace AIHigress.Gateway.DataPlane.Limits;

/// <summary>
/// Limits that all replicas hold together: Redis counts, and one script call takes a whole claim. What happens afterwards
/// (places given back, tokens corrected) nobody waits for. A replica renews the leases of its places; those of a dead one run out.
/// </summary>
internal sealed class SharedLimits(RedisLink link, LimitMetrics metrics, LeaseTimes times, TimeProvider time) : BackgroundService
{
    private const int BatchSize = 200;

    private readonly string _replica = Guid.NewGuid().ToString("N")[..12];
    private readonly ConcurrentDictionary<string, IReadOnlyList<PlaceClaim>> _leases = new(StringComparer.Ordinal);

    // Bounded: when Redis is away for long, the oldest corrections are of no use any more.
    private readonly Channel<Correction> _corrections = Channel.CreateBounded<Correction>(
        new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly Channel<bool> _renewNow = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long _lastLease;

    /// <summary>Redis is configured and answers: limits hold over all replicas.</summary>
    public bool IsUp => link.IsUp;

    /// <summary>Not done when Redis did not answer in time; otherwise what was in the way, or null when all was taken.</summary>
    public async ValueTask<(bool Done, LimitRefusal? Refusal)> TryTakeAsync(LimitClaim claim)
    {
        var started = time.GetTimestamp();
        var answer = await link.TryAsync(db => AskAsync(db, claim));
        metrics.AskedRedis(time.GetElapsedTime(started), answer.Done);
        if (!answer.Has(out var numbers))
        {
            return (false, null);
        }

        claim.IsShared = true;
        for (var i = 0; i < claim.Rates.Count; i++)
        {
            var rate = claim.Rates[i];
            rate.View = new RateView(rate.Rate, Microseconds(numbers[i + 2]));
            rate.Local.Follow(rate.View.Backlog);
        }

        return (true, Refusal(claim, (int)numbers[0], Microseconds(numbers[1])));
    }

    /// <summary>From now on the claim's places are kept alive in Redis, also if Redis could not be asked for them.</summary>
    public void Hold(LimitClaim claim)
    {
        if (link.IsConfigured && claim.Places.Count > 0)
        {
            claim.Lease ??= NextLease();
            _leases[claim.Lease] = claim.Places;
        }
    }

    /// <summary>Gives the places back. The command is on its way when this returns, so what this replica asks next finds them free.</summary>
    public void Leave(LimitClaim claim)
    {
        if (claim.Lease is { } lease)
        {
            _leases.TryRemove(lease, out _);
            Remove(lease, claim.Places);
        }
    }

    /// <summary>Charges or gives back units of a rate, soon.</summary>
    public void Correct(RateClaim rate, long units)
    {
        if (units != 0)
        {
            _corrections.Writer.TryWrite(new Correction(rate.Name, rate.Rate, units));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!link.IsConfigured)
        {
            return;
        }

        link.OnChange(isUp =>
        {
            if (isUp)
            {
                _renewNow.Writer.TryWrite(true);
            }
        });
        await Task.WhenAll(CorrectAsync(stoppingToken), RenewAsync(stoppingToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task CorrectAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Correction>(BatchSize);
        while (await _corrections.Reader.WaitToReadAsync(stoppingToken))
        {
            batch.Clear();
            while (batch.Count < BatchSize && _corrections.Reader.TryRead(out var correction))
            {
                batch.Add(correction);
            }

            RedisKey[] keys = [.. batch.Select(c => c.Name)];
            RedisValue[] values = [.. batch.SelectMany(c => (RedisValue[])[c.Rate.Count, (long)c.Rate.Period.TotalMilliseconds, c.Units])];
            await RunAsync(LimitScripts.Correct, keys, values);
        }
    }

    private async Task RenewAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            // Early when Redis is back: it may have lost everything.
            using (var wait = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken))
            {
                await Task.WhenAny(Task.Delay(times.RenewEvery, time, wait.Token), _renewNow.Reader.WaitToReadAsync(wait.Token).AsTask());
                await wait.CancelAsync();
            }

            _renewNow.Reader.TryRead(out _);

            stoppingToken.ThrowIfCancellationRequested();
            foreach (var chunk in _leases.ToArray().SelectMany(l => l.Value.Select(place => (Lease: l.Key, Place: place))).Chunk(BatchSize))
            {
                await RunAsync(LimitScripts.Renew, [.. chunk.Select(c => c.Place.Name)], [(long)times.Lease.TotalMilliseconds, .. chunk.Select(c => (RedisValue)c.Lease)]);

                // Those that were given back while they were renewed must not come to life again.
                foreach (var (lease, place) in chunk.Where(c => !_leases.ContainsKey(c.Lease)))
                {
                    Remove(lease, [place]);
                }
            }
        }
    }

    // EVAL: a Redis that was started again knows no script, and there is nobody here who could wait for a second try.
    private async ValueTask RunAsync(string script, RedisKey[] keys, RedisValue[] values) =>
        await link.TryAsync(db => db.ScriptEvaluateAsync(script, keys, values, CommandFlags.NoScriptCache), TimeSpan.FromSeconds(1));

    private void Remove(string lease, IReadOnlyList<PlaceClaim> places)
    {
        foreach (var place in places)
        {
            _ = link.TryAsync(db => db.SortedSetRemoveAsync(place.Name, lease), TimeSpan.FromSeconds(1)).AsTask();
        }
    }

    private async Task<long[]> AskAsync(IDatabase db, LimitClaim claim)
    {
        var (rates, places) = (claim.Rates, claim.Places);
        if (places.Count > 0)
        {
            claim.Lease ??= NextLease();
        }

        var keys = new RedisKey[rates.Count + places.Count];
        var values = new RedisValue[3 + (3 * rates.Count) + places.Count];
        (values[0], values[1], values[2]) = (rates.Count, claim.Lease ?? "", (long)times.Lease.TotalMilliseconds);
        for (var i = 0; i < rates.Count; i++)
        {
            keys[i] = rates[i].Name;
            (values[3 + (3 * i)], values[4 + (3 * i)], values[5 + (3 * i)]) = (rates[i].Rate.Count, (long)rates[i].Rate.Period.TotalMilliseconds, rates[i].Units);
        }

        for (var i = 0; i < places.Count; i++)
        {
            keys[rates.Count + i] = places[i].Name;
            values[3 + (3 * rates.Count) + i] = places[i].Limit;
        }

        return (long[])(await db.ScriptEvaluateAsync(LimitScripts.Take, keys, values))!;
    }

    private string NextLease() => $"{_replica}:{Interlocked.Increment(ref _lastLease).ToString(CultureInfo.InvariantCulture)}";

    private static LimitRefusal? Refusal(LimitClaim claim, int number, TimeSpan wait)
    {
        if (number == 0)
        {
            return null;
        }

        return number <= claim.Rates.Count ? claim.Rates[number - 1].Refused(wait) : claim.Places[number - 1 - claim.Rates.Count].Refused();
    }

    private static TimeSpan Microseconds(long value) => TimeSpan.FromTicks(Math.Max(0, value) * TimeSpan.TicksPerMicrosecond);

    private readonly record struct Correction(RedisKey Name, Rate Rate, long Units);
}
