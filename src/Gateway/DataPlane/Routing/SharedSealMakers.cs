using System.Globalization;
using AIHigress.Gateway.Hosting.Redis;
using StackExchange.Redis;

namespace AIHigress.Gateway.DataPlane.Routing;

/// <summary>
/// Who made sealed items, for all replicas and the next start: digests in Redis for a day. Written behind the answers; asked only for items
/// that this replica does not know.
/// </summary>
internal sealed class SharedSealMakers(RedisLink link)
{
    private const int MostWrites = 1000;
    private static readonly TimeSpan Life = TimeSpan.FromHours(24);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private int _writes;

    /// <summary>Nobody waits for it, and what Redis can't take now is not kept there.</summary>
    public void Note(IReadOnlyList<UInt128> digests, string provider, Guid? key)
    {
        if (!link.IsUp || digests.Count == 0)
        {
            return;
        }

        if (Interlocked.Increment(ref _writes) > MostWrites)
        {
            Interlocked.Decrement(ref _writes);
            return;
        }

        _ = WriteAsync(digests, $"{provider}|{key:N}");
    }

    /// <summary>The maker of the first one that has one; null when Redis knows none of them, or is away.</summary>
    public async ValueTask<SealMaker?> FindAsync(IReadOnlyList<UInt128> digests)
    {
        var answer = await link.TryAsync(db => db.StringGetAsync([.. digests.Select(d => (RedisKey)NameOf(d))]));
        if (!answer.Has(out var values))
        {
            return null;
        }

        foreach (var value in values)
        {
            if (value.ToString().Split('|') is [{ Length: > 0 } provider, var key])
            {
                return new SealMaker(provider, Guid.TryParse(key, out var id) ? id : null, IsForeign: false);
            }
        }

        return null;
    }

    private async Task WriteAsync(IReadOnlyList<UInt128> digests, string maker)
    {
        await link.TryAsync(
            async db =>
            {
                var batch = db.CreateBatch();
                var done = digests.Select(d => batch.StringSetAsync(NameOf(d), maker, Life)).ToArray();
                batch.Execute();
                await Task.WhenAll(done);
                return true;
            },
            Patience);
        Interlocked.Decrement(ref _writes);
    }

    private static string NameOf(UInt128 digest) => RedisLink.Name("seal:" + digest.ToString("x32", CultureInfo.InvariantCulture));
}
