using System.Runtime.CompilerServices;
using AIHigress.Gateway.Features.Models.Sessions;
using AIHigress.Gateway.Hosting.Redis;

namespace AIHigress.Gateway.DataPlane.Sessions;

/// <summary>
/// Where sessions are kept: in Redis when there is one, so that they outlive this process and all replicas agree; and always here, so that the
/// loss of Redis loses nothing that this replica knew.
/// </summary>
internal sealed class SessionStore
{
    private const int MostPerGeneration = 100_000;

    private readonly SessionRedis _redis;
    private readonly SessionLifetimes _lifetimes;
    private readonly RecentEntries<SessionRecord> _local;

    public SessionStore(SessionRedis redis, SessionLifetimes lifetimes, TimeProvider time)
    {
        (_redis, _lifetimes) = (redis, lifetimes);
        _local = new RecentEntries<SessionRecord>(MostPerGeneration, static _ => 1, time);
        redis.OnForgotten(_local.Remove);
    }

    /// <summary>The session, be it bound or only remembered; null when there is none.</summary>
    public async ValueTask<SessionRecord?> FindAsync(string key)
    {
        if (await _redis.FindAsync(key) is { } shared)
        {
            return shared;
        }

        return _local.Find(key, LongestLife) is { } known && _local.Find(key, known.Life(_lifetimes.Current)) is { } alive ? alive : null;
    }

    /// <summary>Takes effect here at once, and elsewhere as soon as Redis has it; nobody waits for that.</summary>
    public void Save(SessionRecord record)
    {
        var times = _lifetimes.Current;
        if (record.Life(times) is { Ticks: > 0 } life)
        {
            _local.Put(record.Key, record, times.Longest);
            _redis.Save(record, life, times.Longest);
        }
    }

    /// <summary>Forgets sessions here and on all replicas.</summary>
    /// <exception cref="TimeoutException">Redis is configured and does not answer: it would bring them back.</exception>
    public async Task RemoveAsync(IReadOnlyList<(string Key, Guid UserId)> sessions)
    {
        await _redis.RemoveAsync(sessions);
        foreach (var (key, _) in sessions)
        {
            _local.Remove(key);
        }
    }

    /// <summary>Newest first.</summary>
    /// <param name="userId">Only this user's.</param>
    /// <param name="behind">Only those that come after this place.</param>
    public async IAsyncEnumerable<SessionRecord> NewestFirstAsync(Guid? userId, SessionPosition? behind, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var times = _lifetimes.Current;
        var place = behind;
        while (await _redis.PageAsync(userId, place, LongestLife) is { } page)
        {
            foreach (var record in page.Records)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return record;
            }

            if (page.Last is null)
            {
                yield break;
            }

            place = page.Last;
        }

        // Not configured, or away: what this replica knows.
        var known = _local.All(r => r.Life(times))
            .Where(r => userId is null || r.UserId == userId)
            .Where(r => place is null || place.IsBefore(r.LastUsedAt, r.Key))
            .OrderByDescending(r => r.LastUsedAt).ThenByDescending(r => r.Key, StringComparer.Ordinal);
        foreach (var record in known)
        {
            yield return record;
        }
    }

    private TimeSpan LongestLife => _lifetimes.Current.Longest;
}
