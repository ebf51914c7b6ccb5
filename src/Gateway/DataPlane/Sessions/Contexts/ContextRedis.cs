using AIHigress.Gateway.Hosting.Redis;
using StackExchange.Redis;

namespace AIHigress.Gateway.DataPlane.Sessions.Contexts;

/// <summary>Conversations in Redis: a list per session, sealed exchanges, the oldest first.</summary>
internal sealed class ContextRedis(RedisLink link)
{
    // Up to some MiB for one conversation.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    public static string NameOf(string key) => RedisLink.Name("session-context:" + key);

    /// <summary>Null when Redis can't say.</summary>
    public async Task<IReadOnlyList<byte[]>?> ReadAsync(string key)
    {
        var answer = await link.TryAsync(db => db.ListRangeAsync(NameOf(key)), Patience);
        return answer.Has(out var values) ? [.. values.Select(v => (byte[])v!)] : null;
    }

    /// <summary>False when Redis is configured and did not take it.</summary>
    public async Task<bool> AppendAsync(string key, byte[] sealedExchange, int most, TimeSpan life)
    {
        var answer = await link.TryAsync(
            async db =>
            {
                var batch = db.CreateBatch();
                Task[] done =
                [
                    batch.ListRightPushAsync(NameOf(key), sealedExchange),
                    batch.ListTrimAsync(NameOf(key), -most, -1),
                    batch.KeyExpireAsync(NameOf(key), life),
                ];
                batch.Execute();
                await Task.WhenAll(done);
                return true;
            },
            Patience);
        return answer.Done || !link.IsConfigured;
    }
}
