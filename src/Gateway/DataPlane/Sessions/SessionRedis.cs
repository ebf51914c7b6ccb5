using System.Text.Json;
using AIHigress.Gateway.DataPlane.Sessions.Contexts;
using AIHigress.Gateway.Features.Models.Sessions;
using AIHigress.Gateway.Hosting.Redis;
using StackExchange.Redis;

namespace AIHigress.Gateway.DataPlane.Sessions;

/// <summary>
/// Sessions in Redis: each a value of its own with a time to live, and two sorted sets by last use, one for each user and one for all, so that
/// lists never search through every key.
/// </summary>
internal sealed class SessionRedis
{
    private const int PageSize = 200;
    private const int MostWrites = 2000;
    private const string Channel = "sessions:forgotten";
    private static readonly string EveryonesIndex = RedisLink.Name("session-index");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly RedisLink _link;
    private readonly TimeProvider _time;
    private readonly SessionMetrics _metrics;
    private int _writes;

    public SessionRedis(RedisLink link, TimeProvider time, SessionMetrics metrics) => (_link, _time, _metrics) = (link, time, metrics);

    /// <summary>Calls back with the key of each session that some replica was told to forget.</summary>
    public void OnForgotten(Action<string> handler) => _link.Subscribe(Channel, keys => Array.ForEach(keys.Split(','), handler));

    public async ValueTask<SessionRecord?> FindAsync(string key)
    {
        var answer = await _link.TryAsync(db => db.StringGetAsync(NameOf(key)));
        return answer is { Done: true, Value.IsNull: false } ? Parse(answer.Value) : null;
    }

    /// <param name="record">The session.</param>
    /// <param name="life">How long it is kept.</param>
    /// <param name="longestLife">How long any is: the lists go back as far.</param>
    public void Save(SessionRecord record, TimeSpan life, TimeSpan longestLife)
    {
        if (!_link.IsUp)
        {
            return;
        }

        if (Interlocked.Increment(ref _writes) > MostWrites)
        {
            Interlocked.Decrement(ref _writes);
            _metrics.Dropped("binding");
            return;
        }

        _ = SaveAsync(record, life, longestLife);
    }

    /// <exception cref="TimeoutException">Redis is configured and does not answer.</exception>
    public async Task RemoveAsync(IReadOnlyList<(string Key, Guid UserId)> sessions)
    {
        if (!_link.IsConfigured || sessions.Count == 0)
        {
            return;
        }

        foreach (var some in sessions.Chunk(PageSize))
        {
            var answer = await _link.TryAsync(db => RemoveAsync(db, some), Patience);
            if (!answer.Done)
            {
                throw new TimeoutException("Redis does not answer.");
            }

            _link.Publish(Channel, string.Join(',', some.Select(r => r.Key)));
        }
    }

    /// <summary>One page of an index; null when Redis can't say.</summary>
    public async Task<SessionPage?> PageAsync(Guid? userId, SessionPosition? behind, TimeSpan longestLife)
    {
        var index = userId is { } user ? IndexOf(user) : EveryonesIndex;
        var oldest = _time.GetUtcNow().ToUnixTimeMilliseconds() - longestLife.TotalMilliseconds;
        var records = new List<SessionRecord>();
        for (var skip = 0; ; skip += PageSize)
        {
            var answer = await _link.TryAsync(
                db => db.SortedSetRangeByScoreWithScoresAsync(index, oldest, behind?.LastUsedAt ?? double.PositiveInfinity, order: Order.Descending, skip: skip, take: PageSize), Patience);
            if (!answer.Has(out var entries))
            {
                return null;
            }

            var places = entries.Select(e => new SessionPosition((long)e.Score, e.Element.ToString())).ToList();
            var wanted = places.Where(p => behind is null || behind.IsBefore(p.LastUsedAt, p.Key)).ToList();
            if (wanted.Count > 0)
            {
                var values = await _link.TryAsync(db => db.StringGetAsync([.. wanted.Select(p => (RedisKey)NameOf(p.Key))]), Patience);
                if (!values.Has(out var found))
                {
                    return null;
                }

                // A session that is used meanwhile moves to the front and is not shown twice.
                records.AddRange(found.Select((v, i) => (Record: v.IsNull ? null : Parse(v), Place: wanted[i])).Where(f => f.Record is { } r && r.LastUsedAt <= f.Place.LastUsedAt).Select(f => f.Record!));
                return new SessionPage(records, entries.Length < PageSize ? null : wanted[^1]);
            }

            if (entries.Length < PageSize)
            {
                return new SessionPage(records, null);
            }
        }
    }

    private async Task SaveAsync(SessionRecord record, TimeSpan life, TimeSpan longestLife)
    {
        try
        {
            var answer = await _link.TryAsync(db => SaveAsync(db, record, life, longestLife), Patience);
            if (!answer.Done)
            {
                _metrics.Dropped("binding");
            }
        }
        finally
        {
            Interlocked.Decrement(ref _writes);
        }
    }

    private static async Task<bool> SaveAsync(IDatabase db, SessionRecord record, TimeSpan life, TimeSpan longestLife)
    {
        var own = IndexOf(record.UserId);
        var oldest = record.LastUsedAt - longestLife.TotalMilliseconds;
        var batch = db.CreateBatch();
        Task[] done =
        [
            batch.StringSetAsync(NameOf(record.Key), JsonSerializer.SerializeToUtf8Bytes(record, SessionJson.Default.SessionRecord), life),
            batch.SortedSetAddAsync(own, record.Key, record.LastUsedAt),
            batch.KeyExpireAsync(own, longestLife),
            batch.SortedSetRemoveRangeByScoreAsync(own, double.NegativeInfinity, oldest),
            batch.SortedSetAddAsync(EveryonesIndex, record.Key, record.LastUsedAt),
            batch.KeyExpireAsync(EveryonesIndex, longestLife),
            batch.SortedSetRemoveRangeByScoreAsync(EveryonesIndex, double.NegativeInfinity, oldest),
        ];
        batch.Execute();
        await Task.WhenAll(done);
        return true;
    }

    private static async Task<bool> RemoveAsync(IDatabase db, (string Key, Guid UserId)[] sessions)
    {
        var batch = db.CreateBatch();
        List<Task> done = [batch.KeyDeleteAsync([.. sessions.SelectMany(r => new RedisKey[] { NameOf(r.Key), ContextRedis.NameOf(r.Key) })])];
        done.Add(batch.SortedSetRemoveAsync(EveryonesIndex, [.. sessions.Select(r => (RedisValue)r.Key)]));
        done.AddRange(sessions.GroupBy(r => r.UserId).Select(g => batch.SortedSetRemoveAsync(IndexOf(g.Key), [.. g.Select(r => (RedisValue)r.Key)])));
        batch.Execute();
        await Task.WhenAll(done);
        return true;
    }

    private static SessionRecord? Parse(RedisValue value)
    {
        try
        {
            return JsonSerializer.Deserialize((byte[])value!, SessionJson.Default.SessionRecord);
        }
        catch (JsonException)
        {
            // Written by a version that kept something else there: as good as nothing.
            return null;
        }
    }

    private static string NameOf(string key) => RedisLink.Name("session:" + key);

    private static string IndexOf(Guid user) => RedisLink.Name($"session-index:{user:N}");
}

/// <param name="Records">The sessions of this page.</param>
/// <param name="Last">Where the next page begins; null at the end.</param>
internal sealed record SessionPage(IReadOnlyList<SessionRecord> Records, SessionPosition? Last);
