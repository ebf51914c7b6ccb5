using System.Collections.Immutable;
using System.Security.Cryptography;
using AIHigress.Gateway.Features.Responses;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.DataPlane.Sessions.Contexts;

/// <summary>
/// What was said in sessions, encrypted by the key ring wherever it lies: in Redis when there is one, and a bounded part of it here for when
/// Redis is away.
/// </summary>
internal sealed class ContextStore
{
    private const long MostBytesPerGeneration = 32L * 1024 * 1024;

    private readonly ContextRedis _redis;
    private readonly ResponseCipher _cipher;
    private readonly IOptionsMonitor<RoutingSessionOptions> _options;
    private readonly SessionMetrics _metrics;
    private readonly RecentEntries<Conversation> _local;

    public ContextStore(
        ContextRedis redis, SessionRedis sessions, ResponseCipher cipher, IOptionsMonitor<RoutingSessionOptions> options, SessionMetrics metrics, TimeProvider time)
    {
        (_redis, _cipher, _options, _metrics) = (redis, cipher, options, metrics);
        _local = new RecentEntries<Conversation>(MostBytesPerGeneration, static c => c.Bytes, time);
        sessions.OnForgotten(Forget);
    }

    /// <summary>Oldest first; empty when nothing is kept.</summary>
    public async Task<IReadOnlyList<StoredExchange>> ReadAsync(string key)
    {
        var stored = await StoredAsync(key);
        var exchanges = new List<StoredExchange>(stored.Count);
        foreach (var bytes in stored)
        {
            if (Open(bytes) is { } exchange)
            {
                exchanges.Add(exchange);
            }
        }

        return exchanges;
    }

    public async Task<bool> IsEmptyAsync(string key) => (await StoredAsync(key)).Count == 0;

    public async Task AppendAsync(string key, StoredExchange exchange)
    {
        var options = _options.CurrentValue;
        var bytes = _cipher.Seal(exchange.ToBytes());
        var known = _local.Find(key, options.ContextTtl)?.Exchanges ?? [];
        var kept = known.Add(bytes);
        _local.Put(key, new Conversation(kept.Count > options.ContextMaxExchanges ? kept.RemoveRange(0, kept.Count - options.ContextMaxExchanges) : kept), options.ContextTtl);
        if (!await _redis.AppendAsync(key, bytes, options.ContextMaxExchanges, options.ContextTtl))
        {
            _metrics.Dropped("exchange");
        }
    }

    public void Forget(string key) => _local.Remove(key);

    private async Task<IReadOnlyList<byte[]>> StoredAsync(string key) =>
        await _redis.ReadAsync(key) is { Count: > 0 } shared ? shared : _local.Find(key, _options.CurrentValue.ContextTtl)?.Exchanges ?? [];

    private StoredExchange? Open(byte[] bytes)
    {
        try
        {
            return StoredExchange.Read(_cipher.Open(bytes));
        }
        catch (Exception e) when (e is CryptographicException or InvalidDataException)
        {
            // The ring's key for it is gone: nobody can read it any more.
            return null;
        }
    }

    private sealed record Conversation(ImmutableList<byte[]> Exchanges)
    {
        public long Bytes { get; } = Exchanges.Sum(e => (long)e.Length);
    }
}
